package io.headrace.catalog;

import java.time.Duration;
import java.time.Instant;

/**
 * Who is building what just now, over all processes. A lease holds until it is released or its time
 * is over, so that the death of its owner needs no recovery.
 */
public interface Leases {

  /**
   * Takes the lease on {@code key} unless another owner holds it; taking it twice is fine. Another
   * that is to last longer than this one would, as is one from before a clock was set back, lasts
   * no longer than this one would from now on, unless its owner renews it.
   */
  boolean tryAcquire(String key, String owner, Instant now, Duration timeToLive);

  /** Prolongs all leases of an owner that it still holds. */
  void renew(String owner, Instant now, Duration timeToLive);

  void release(String key, String owner);

  /** Whether nobody has taken the lease over. */
  boolean isHeld(Fence fence);
}

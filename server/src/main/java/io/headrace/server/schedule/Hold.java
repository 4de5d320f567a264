package io.headrace.server.schedule;

import io.headrace.catalog.Fence;
import io.headrace.catalog.Leases;
import io.headrace.engine.Cancellation;
import io.headrace.error.HeadraceException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * A lease that is held until this is closed. It is prolonged as long as this process is alive;
 * after its death another takes it over within {@link #TIME_TO_LIVE}. Who finds it lost, because he
 * was paused too long, stops what he does.
 */
final class Hold implements AutoCloseable {
  static final Duration TIME_TO_LIVE = Duration.ofSeconds(12);
  private static final Duration BEAT = Duration.ofSeconds(3);

  private final Leases leases;
  private final Fence fence;
  private final Clock clock;
  private final Cancellation lost;
  private final Future<?> beats;

  private Hold(
      Leases leases, Fence fence, Clock clock, Cancellation lost, ScheduledExecutorService timer) {
    this.leases = leases;
    this.fence = fence;
    this.clock = clock;
    this.lost = lost;
    this.beats =
        timer.scheduleWithFixedDelay(
            this::beat, BEAT.toMillis(), BEAT.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * Takes the lease, if nobody else has it.
   *
   * @param lost is requested when another has taken it over
   */
  static Optional<Hold> take(
      Leases leases, Fence fence, Clock clock, Cancellation lost, ScheduledExecutorService timer) {
    return leases.tryAcquire(fence.key(), fence.owner(), clock.instant(), TIME_TO_LIVE)
        ? Optional.of(new Hold(leases, fence, clock, lost, timer))
        : Optional.empty();
  }

  Fence fence() {
    return fence;
  }

  private void beat() {
    try {
      if (!leases.tryAcquire(fence.key(), fence.owner(), clock.instant(), TIME_TO_LIVE)) {
        lost.request("another server has taken it over");
      }
    } catch (HeadraceException e) {
      // The next beat makes up for it; if none succeeds, what depends on the lease is refused.
    }
  }

  @Override
  public void close() {
    beats.cancel(false);
    try {
      leases.release(fence.key(), fence.owner());
    } catch (HeadraceException e) {
      // It runs out by itself.
    }
  }
}

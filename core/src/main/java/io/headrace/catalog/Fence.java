package io.headrace.catalog;

import static java.util.Objects.requireNonNull;

/**
 * A lease without which something may not be published: so that whoever was paused, and lost it
 * meanwhile, changes nothing any more.
 *
 * @param key of the lease
 * @param owner who must hold it, or be the last who did
 */
public record Fence(String key, String owner) {
  public Fence {
    requireNonNull(key, "key is null");
    requireNonNull(owner, "owner is null");
  }
}

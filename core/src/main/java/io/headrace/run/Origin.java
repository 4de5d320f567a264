package io.headrace.run;

import static java.util.Objects.requireNonNull;

import io.headrace.catalog.Fence;
import java.util.Optional;

/**
 * What a run comes from.
 *
 * @param cause what asked for it, as the run is recorded with it; empty for a person's command
 * @param run the run's name, if it has one already
 * @param fence without which it publishes nothing, if there is one
 */
public record Origin(String cause, Optional<String> run, Optional<Fence> fence) {
  /** A person's command. */
  public static final Origin COMMAND = new Origin("", Optional.empty(), Optional.empty());

  public Origin {
    requireNonNull(cause, "cause is null");
    requireNonNull(run, "run is null");
    requireNonNull(fence, "fence is null");
  }
}

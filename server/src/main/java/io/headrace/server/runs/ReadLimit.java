package io.headrace.server.runs;

import io.headrace.engine.Cancellation;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * How long a server reads rows for somebody before it gives up, whichever way he asks. Runs have no
 * such limit.
 *
 * @param most in whole seconds
 */
public record ReadLimit(Duration most) {
  /** What a server has if nobody says otherwise. */
  public static final ReadLimit USUAL = new ReadLimit(Duration.ofSeconds(60));

  /** Requests {@code cancel} when the time is over. Close what is returned when all is read. */
  public Cancellation.Registration start(Cancellation cancel) {
    String reason = "it took longer than %d s".formatted(most.toSeconds());
    CompletableFuture<Void> read = new CompletableFuture<>();
    CompletableFuture<Void> unused =
        read.orTimeout(most.toMillis(), TimeUnit.MILLISECONDS)
            .exceptionally(
                late -> {
                  cancel.request(reason);
                  return null;
                });
    return () -> read.complete(null);
  }
}

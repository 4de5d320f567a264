package io.headrace.connector;

import io.headrace.error.HeadraceException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Hands single events to topics of an outside system. Safe for many threads. */
public interface Publisher extends AutoCloseable {
  /**
   * Hands over an event. Of events that one thread hands over to one topic with one key, the order
   * stays.
   *
   * @param key events with the same one stay in order
   * @param value as it came; not copied, and not to be changed by anybody
   * @return completes when the event is as safe as the system makes it; or exceptionally with a
   *     {@link HeadraceException} if it may not be there. Then it is there once if it is handed
   *     over again, or twice
   */
  CompletableFuture<Receipt> publish(String topic, Optional<String> key, byte[] value);

  /** Where an event is: its place in a part of the topic. */
  record Receipt(int partition, long offset) {}

  /** Waits for what was handed over, for a while. */
  @Override
  void close();
}

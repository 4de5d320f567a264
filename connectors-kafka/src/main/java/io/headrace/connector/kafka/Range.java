package io.headrace.connector.kafka;

import io.headrace.connector.RowsGoneException;

/**
 * Messages of a partition that are to be read.
 *
 * @param first the first offset; perhaps there is no message at it
 * @param end the offset behind the last
 */
record Range(Part part, long first, long end) {
  /**
   * Refuses to read less than there was.
   *
   * @param oldest the first offset that the partition still has
   */
  void requireThere(long oldest) {
    if (oldest > first) {
      throw new RowsGoneException(
          "Offsets %d to %d of partition %d of the topic '%s' are gone: Kafka deleted them before they were read"
              .formatted(first, Math.min(oldest, end) - 1, part.partition(), part.topic()),
          "To give them up, and make the table of what the topic still has: `headrace run"
              + " --refresh=TABLE`. Let the topic keep messages for longer: `retention.ms`");
    }
  }
}

package io.headrace.connector.kafka;

import io.headrace.connector.Position;
import java.util.List;

/**
 * What a partition has that was not read.
 *
 * @param after the offset up to which it was read
 * @param end the offset behind the last message
 */
record Backlog(Part part, long after, long end) {
  /** So many messages are read at most in one run, and the others in the next one. */
  static final long MOST_MESSAGES = 2_000_000;

  /** How far the next run reads: each partition in proportion, so that none is left behind. */
  static List<Position> batch(List<Backlog> backlogs) {
    return batch(backlogs, MOST_MESSAGES);
  }

  static List<Position> batch(List<Backlog> backlogs, long most) {
    long all = backlogs.stream().mapToLong(Backlog::size).sum();
    double share = all <= most ? 1 : (double) most / all;
    return backlogs.stream()
        .map(
            each ->
                // Rounded up, so that something is read of each one.
                each.part()
                    .upTo(
                        Math.min(each.end(), each.after() + (long) Math.ceil(each.size() * share))))
        .toList();
  }

  private long size() {
    return end - after;
  }
}

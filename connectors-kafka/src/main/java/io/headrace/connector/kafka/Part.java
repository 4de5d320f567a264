package io.headrace.connector.kafka;

import io.headrace.connector.Position;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A partition of a topic from the offset on at which it begins for a source. As text it is the part
 * of a position: so a version says all of which messages it was made from, and a partition that
 * begins elsewhere, or is of another topic of the same name, is another part.
 *
 * @param topicId by which Kafka tells a topic from those that had its name before
 */
record Part(String topic, String topicId, int partition, long from) {
  private static final Pattern TEXT =
      Pattern.compile(
          "(?<topic>[^/]+)/(?<partition>\\d{1,9}) from (?<from>\\d{1,18}) \\((?<id>\\S+)\\)");

  /** The part of a position, or empty if another connector made it. */
  static Optional<Part> of(Position position) {
    Matcher matcher = TEXT.matcher(position.part());
    return matcher.matches()
        ? Optional.of(
            new Part(
                matcher.group("topic"),
                matcher.group("id"),
                Integer.parseInt(matcher.group("partition")),
                Long.parseLong(matcher.group("from"))))
        : Optional.empty();
  }

  Position upTo(long offset) {
    return new Position(toString(), Long.toString(offset));
  }

  @Override
  public String toString() {
    return "%s/%d from %d (%s)".formatted(topic, partition, from, topicId);
  }
}

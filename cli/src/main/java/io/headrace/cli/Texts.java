package io.headrace.cli;

import io.headrace.rewrite.Compactor.Compacted;
import io.headrace.server.json.RejectedRows;
import io.headrace.server.text.Figures;
import io.headrace.table.TableName;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.Optional;

/** Writes values the way people read them. */
final class Texts {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

  private Texts() {}

  /** A duration such as {@code 12 ms}, {@code 3.4 s} or {@code 2 min 5 s}. */
  static String duration(Duration duration) {
    return Figures.duration(duration);
  }

  /** A number of bytes such as {@code 3.4 MB}, in powers of 1,000. */
  static String bytes(long bytes) {
    return Figures.bytes(bytes);
  }

  /** A number with a noun, in the plural unless it is one. */
  static String count(long number, String noun) {
    return Figures.count(number, noun);
  }

  /** What a compaction did to a table, or would do. */
  static String compacted(Compacted compacted, boolean isToCome) {
    return "%s: %s (%s) %s %s%s"
        .formatted(
            compacted.table(),
            count(compacted.filesBefore(), "file"),
            bytes(compacted.bytesBefore()),
            isToCome ? "would become" : "became",
            number(compacted.filesAfter()),
            isToCome ? "" : " (%s)".formatted(bytes(compacted.bytesAfter())));
  }

  /** What a person is told of rows that a table rejects, if there are any. */
  static Optional<String> rejected(TableName table, RejectedRows rows) {
    return rows.rejectedRows() == 0
        ? Optional.empty()
        : Optional.of(
            "rejected %,d of %s of '%s': see '%s'"
                .formatted(
                    rows.rejectedRows(),
                    count(rows.rows() + rows.rejectedRows(), "row"),
                    table,
                    rows.rejected()));
  }

  static String number(long number) {
    return Figures.number(number);
  }

  static String time(Instant time, ZoneId zone) {
    return TIME.format(time.atZone(zone));
  }

  /** The start of a version's id: enough to name it. */
  static String shortId(String id) {
    return Figures.shortId(id);
  }

  static String join(Collection<?> values) {
    StringBuilder text = new StringBuilder();
    values.forEach(value -> text.append(text.isEmpty() ? "" : ", ").append(value));
    return text.toString();
  }
}

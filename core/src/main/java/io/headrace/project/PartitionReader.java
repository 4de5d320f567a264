package io.headrace.project;

import io.headrace.table.PartitionField;
import io.headrace.table.PartitionField.Transform;
import io.headrace.yaml.YamlMap;
import io.headrace.yaml.YamlValue;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads {@code partition_by}. */
final class PartitionReader {
  private static final Pattern UNIT = Pattern.compile("(year|month|day|hour) *\\( *(.+?) *\\)");
  private static final Pattern BUCKET = Pattern.compile("bucket *\\((.*)\\)");
  private static final Pattern BUCKETS = Pattern.compile(" *(\\d{1,6}) *, *(.+?) *");

  /** With more of them, a table would be cut finer than any file system likes. */
  private static final int MOST_BUCKETS = 100_000;

  private PartitionReader() {}

  /** The fields, without those that are wrong, which are reported. */
  static List<PartitionField> read(YamlMap map) {
    return map.find("partition_by").stream()
        .map(YamlValue::oneOrMore)
        .flatMap(List::stream)
        .flatMap(PartitionReader::field)
        .toList();
  }

  private static Stream<PartitionField> field(YamlValue value) {
    return value.text().map(text -> field(text.trim(), value)).orElse(Optional.empty()).stream();
  }

  private static Optional<PartitionField> field(String text, YamlValue value) {
    Matcher unit = UNIT.matcher(text);
    if (unit.matches()) {
      Transform transform = Transform.valueOf(unit.group(1).toUpperCase(Locale.ROOT));
      return Optional.of(new PartitionField(transform, unit.group(2)));
    }
    Matcher bucket = BUCKET.matcher(text);
    return bucket.matches()
        ? bucket(bucket.group(1), value)
        : Optional.of(new PartitionField(Transform.IDENTITY, text));
  }

  private static Optional<PartitionField> bucket(String arguments, YamlValue value) {
    Matcher matcher = BUCKETS.matcher(arguments);
    int buckets = matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
    if (buckets < 1 || buckets > MOST_BUCKETS) {
      value.problem(
          "Invalid partition 'bucket(%s)': it needs a number of buckets from 1 to %d, and a column"
              .formatted(arguments, MOST_BUCKETS),
          "Write it like `bucket(16, COLUMN)`");
      return Optional.empty();
    }
    return Optional.of(new PartitionField(Transform.BUCKET, matcher.group(2), buckets));
  }
}

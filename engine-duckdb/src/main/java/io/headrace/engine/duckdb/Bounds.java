package io.headrace.engine.duckdb;

import io.headrace.table.ColumnType;
import io.headrace.table.ColumnType.Decimal;
import io.headrace.table.ColumnType.Primitive;
import io.headrace.table.DataFile;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Turns the statistics that DuckDB reports into the form that {@link DataFile} defines. */
final class Bounds {
  private static final Pattern INTEGER = Pattern.compile("-?\\d+");
  private static final Pattern DECIMAL = Pattern.compile("-?\\d+(\\.\\d+)?");
  private static final Pattern FLOAT = Pattern.compile("-?(\\d+(\\.\\d*)?(e[+-]?\\d+)?|inf)");
  private static final Pattern ZERO = Pattern.compile("-?0+(\\.0*)?");
  private static final Pattern DATE = Pattern.compile("\\d{4}-\\d\\d-\\d\\d");
  private static final Pattern TIME = Pattern.compile("\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,6})?");
  private static final Pattern TIMESTAMP = Pattern.compile(DATE + " " + TIME);
  private static final Pattern TIMESTAMPTZ = Pattern.compile(TIMESTAMP + "\\+00");
  private static final Pattern UUID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
  private static final Pattern HEX = Pattern.compile("([0-9A-F]{2})*");

  private Bounds() {}

  static DataFile.Statistics statistics(ColumnType type, Map<String, String> reported) {
    boolean exact =
        !"false".equals(reported.get("min_is_exact"))
            && !"false".equals(reported.get("max_is_exact"));
    Optional<String> reportedLower = Optional.ofNullable(reported.get("min"));
    Optional<String> reportedUpper = Optional.ofNullable(reported.get("max"));
    Optional<String> lower = reportedLower.flatMap(text -> text(type, text, "-0.0"));
    Optional<String> upper = reportedUpper.flatMap(text -> text(type, text, "0.0"));
    return new DataFile.Statistics(
        number(reported, "column_size_bytes"),
        number(reported, "num_values"),
        number(reported, "null_count"),
        Optional.ofNullable(reported.get("nan_count")).map(Long::valueOf),
        lower,
        upper,
        exact && !isZero(type, lower) && !isZero(type, upper));
  }

  private static long number(Map<String, String> reported, String key) {
    return Long.parseLong(reported.getOrDefault(key, "0"));
  }

  private static boolean isZero(ColumnType type, Optional<String> bound) {
    return isFloat(type) && bound.filter(text -> ZERO.matcher(text).matches()).isPresent();
  }

  private static boolean isFloat(ColumnType type) {
    return type == Primitive.FLOAT || type == Primitive.DOUBLE;
  }

  /**
   * The bound, or empty if it is not in a form that is understood. DuckDB takes the two zeros for
   * one, so a bound of zero is the zero that is further out.
   */
  private static Optional<String> text(ColumnType type, String text, String zero) {
    if (isFloat(type) && ZERO.matcher(text).matches()) {
      return Optional.of(zero);
    }
    return value(type, text);
  }

  /** A value as {@link DataFile} writes it, or empty if it is not understood. */
  static Optional<String> value(ColumnType type, String text) {
    if (type instanceof Decimal) {
      return matching(DECIMAL, text);
    }
    if (!(type instanceof Primitive primitive)) {
      return Optional.empty();
    }
    return switch (primitive) {
      case BOOLEAN -> bool(text);
      case INT, LONG -> matching(INTEGER, text);
      case FLOAT, DOUBLE -> matching(FLOAT, text);
      case DATE -> matching(DATE, text);
      case TIME -> matching(TIME, text);
      case TIMESTAMP -> matching(TIMESTAMP, text);
      case TIMESTAMPTZ -> matching(TIMESTAMPTZ, text);
      case STRING -> Optional.of(text);
      case BINARY -> matching(HEX, text);
      case UUID -> matching(UUID, text);
    };
  }

  private static Optional<String> bool(String text) {
    return switch (text) {
      case "0", "false" -> Optional.of("false");
      case "1", "true" -> Optional.of("true");
      default -> Optional.empty();
    };
  }

  private static Optional<String> matching(Pattern pattern, String text) {
    return pattern.matcher(text).matches() ? Optional.of(text) : Optional.empty();
  }
}

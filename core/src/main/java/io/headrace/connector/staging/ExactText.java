package io.headrace.connector.staging;

import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which texts the engine converts to a type without a loss. It rounds 1.5 to an integer, and takes
 * the year 44 BC for 44. The expressions mean the same in Java and in PostgreSQL.
 */
public final class ExactText {
  private static final String DAY = "(?!0000)\\d{4}-\\d\\d-\\d\\d";
  private static final String TIME = "([01]\\d|2[0-3]):[0-5]\\d(:[0-5]\\d(\\.\\d{1,6}0*)?)?";
  private static final String ZONE = "(Z|[+-]\\d\\d(:\\d\\d)?)";
  private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?([eE][+-]?\\d+)?");
  private static final Pattern SPECIAL = Pattern.compile("NaN|-?Infinity");
  private static final Pattern TYPE =
      Pattern.compile("(?<name>[A-Z0-9_]+( WITH TIME ZONE)?)(\\(\\d+(,(?<scale>\\d+))?\\))?");

  private ExactText() {}

  /** The type without what does not count, so that the same types are the same text. */
  public static String normal(String type) {
    String text =
        type.strip()
            .toUpperCase(Locale.ROOT)
            .replaceAll("\\s+", " ")
            .replaceAll(" ?([(),]) ?", "$1");
    return text.equals("TIMESTAMP WITH TIME ZONE") ? "TIMESTAMPTZ" : text;
  }

  /** Whether it has a fixed number of digits behind the point. */
  public static boolean isDecimal(String type) {
    return normal(type).matches("(DECIMAL|NUMERIC|DEC)\\b.*");
  }

  /** The regular expression that such texts match, or empty if the engine tells all others. */
  public static Optional<String> expression(String type) {
    Matcher matcher = TYPE.matcher(normal(type));
    if (!matcher.matches()) {
      return Optional.empty();
    }
    return switch (matcher.group("name")) {
      case "BOOLEAN", "BOOL", "LOGICAL" -> Optional.of("true|false|t|f|0|1|TRUE|FALSE");
      case "TINYINT",
          "SMALLINT",
          "INTEGER",
          "INT",
          "BIGINT",
          "LONG",
          "SHORT",
          "HUGEINT",
          "UTINYINT",
          "USMALLINT",
          "UINTEGER",
          "UBIGINT",
          "UHUGEINT",
          "INT1",
          "INT2",
          "INT4",
          "INT8",
          "SIGNED" ->
          Optional.of("-?\\d+(\\.0*)?");
      case "DECIMAL", "NUMERIC", "DEC" -> Optional.of(decimal(matcher));
      case "FLOAT", "REAL", "FLOAT4" -> Optional.of(floating(37, "[12]?\\d"));
      case "DOUBLE", "FLOAT8" -> Optional.of(floating(255, "[12]?\\d?\\d"));
      case "DATE" -> Optional.of(DAY);
      case "TIME" -> Optional.of(TIME);
      case "TIMESTAMP", "DATETIME" -> Optional.of(DAY + "[ T]" + TIME);
      case "TIMESTAMPTZ" -> Optional.of(DAY + "[ T]" + TIME + ZONE);
      case "UUID" -> Optional.of("[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}");
      default -> Optional.empty();
    };
  }

  /** Whether a text is of that kind, or empty if the engine tells all others. */
  public static Optional<Predicate<String>> predicate(String type) {
    return switch (normal(type)) {
      case "DOUBLE", "FLOAT8" ->
          Optional.of(
              text ->
                  SPECIAL.matcher(text).matches()
                      || (NUMBER.matcher(text).matches()
                          && !Double.isInfinite(Double.parseDouble(text))));
      case "FLOAT", "REAL", "FLOAT4" ->
          Optional.of(
              text ->
                  SPECIAL.matcher(text).matches()
                      || (NUMBER.matcher(text).matches()
                          && !Float.isInfinite(Float.parseFloat(text))));
      default -> expression(type).map(Pattern::compile).map(Pattern::asMatchPredicate);
    };
  }

  private static String decimal(Matcher type) {
    boolean isBare = !type.group().contains("(");
    String scale = type.group("scale");
    int digits = isBare ? 3 : scale == null ? 0 : Math.min(38, Integer.parseInt(scale));
    return "-?\\d+(\\.\\d{0,%d}0*)?".formatted(digits);
  }

  /** What is too large would become infinite; so some of what is just not is refused too. */
  private static String floating(int digits, String exponent) {
    return "-?\\d{1,%d}(\\.\\d+)?|-?\\d{1,8}(\\.\\d+)?[eE]([+]?%s|-\\d+)|NaN|-?Infinity"
        .formatted(digits, exponent);
  }
}

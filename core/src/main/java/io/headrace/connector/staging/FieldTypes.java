package io.headrace.connector.staging;

import io.headrace.engine.Query.DeclaredColumn;
import io.headrace.error.HeadraceException;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The types that fields of documents may have: of messages, and of what APIs answer. */
public final class FieldTypes {
  private static final FieldType TEXT = new Text();
  private static final FieldType BOOLEAN = value -> trueOrFalse(value.text());
  private static final FieldType DOUBLE = value -> doubleText(value.text());
  private static final FieldType FLOAT = value -> floatText(value.text());
  private static final FieldType DATE = onlyText(IsoText::date);
  private static final FieldType TIME = onlyText(IsoText::time);
  private static final FieldType TIMESTAMP = onlyText(IsoText::timestamp);
  private static final FieldType TIMESTAMPTZ = onlyText(IsoText::moment);

  /** Numbers that are longer would only take time to refuse. */
  private static final int LONGEST_NUMBER = 400;

  private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?([eE][+-]?\\d+)?");
  private static final Pattern WHOLE = Pattern.compile("-?\\d+(\\.0*)?");
  private static final Pattern UUID = Pattern.compile(ExactText.expression("UUID").orElseThrow());
  private static final Pattern DECIMAL =
      Pattern.compile("[A-Z]+(\\((?<digits>\\d{1,3})(,(?<scale>\\d{1,3}))?\\))?");

  private FieldTypes() {}

  /**
   * The type that a project declares.
   *
   * @throws HeadraceException if there is no exact way from JSON to it
   */
  public static FieldType of(DeclaredColumn column) {
    String type = ExactText.normal(column.type());
    int parenthesis = type.indexOf('(');
    return switch (parenthesis < 0 ? type : type.substring(0, parenthesis)) {
      case "VARCHAR", "TEXT", "STRING", "CHAR" -> TEXT;
      case "BOOLEAN", "BOOL" -> BOOLEAN;
      case "TINYINT", "INT1" -> new Whole(8);
      case "SMALLINT", "INT2", "SHORT" -> new Whole(16);
      case "INTEGER", "INT", "INT4" -> new Whole(32);
      case "BIGINT", "INT8", "LONG" -> new Whole(64);
      case "DECIMAL", "NUMERIC" -> Decimal.of(column, type);
      case "DOUBLE", "FLOAT8" -> DOUBLE;
      case "FLOAT", "REAL", "FLOAT4" -> FLOAT;
      case "DATE" -> DATE;
      case "TIME" -> TIME;
      case "TIMESTAMP", "DATETIME" -> TIMESTAMP;
      case "TIMESTAMPTZ" -> TIMESTAMPTZ;
      case "UUID" -> onlyText(FieldTypes::uuid);
      default -> throw unknown(column);
    };
  }

  private static HeadraceException unknown(DeclaredColumn column) {
    return new HeadraceException(
        "Column '%s' cannot have the type %s: no value of JSON is certainly one of it"
            .formatted(column.name(), column.type()),
        "Declare it as VARCHAR: objects and lists are then their JSON, of which a query takes parts"
            + " with `%s ->> '$.name'`".formatted(column.name()));
  }

  /** What is text in the document, and is to be a certain text. */
  private static FieldType onlyText(Function<String, @Nullable String> of) {
    return value -> value.isText() ? of.apply(value.text()) : null;
  }

  private static @Nullable String trueOrFalse(String text) {
    return text.equals("true") || text.equals("false") ? text : null;
  }

  private static @Nullable String uuid(String text) {
    return UUID.matcher(text).matches() ? text : null;
  }

  private static @Nullable String doubleText(String text) {
    if (text.length() > LONGEST_NUMBER || !NUMBER.matcher(text).matches()) {
      return special(text);
    }
    double value = Double.parseDouble(text);
    return Double.isInfinite(value) ? null : Double.toString(value);
  }

  private static @Nullable String floatText(String text) {
    if (text.length() > LONGEST_NUMBER || !NUMBER.matcher(text).matches()) {
      return special(text);
    }
    float value = Float.parseFloat(text);
    return Float.isInfinite(value) ? null : Float.toString(value);
  }

  private static @Nullable String special(String text) {
    return text.equals("NaN") || text.equals("Infinity") || text.equals("-Infinity") ? text : null;
  }

  /** Text as it is; of anything else, its JSON. */
  private record Text() implements FieldType {
    @Override
    public String text(FieldValue field) throws IOException {
      return field.text();
    }

    @Override
    public boolean isQuoted() {
      return true;
    }
  }

  /** Integers of so many bits. */
  private record Whole(int bits) implements FieldType {
    @Override
    public @Nullable String text(FieldValue field) throws IOException {
      if (field.isWholeNumber()) {
        long value = field.wholeNumber();
        return value >> (bits - 1) == value >> 63 ? Long.toString(value) : null;
      }
      String text = field.text();
      if (text.length() > LONGEST_NUMBER || !WHOLE.matcher(text).matches()) {
        return null;
      }
      int point = text.indexOf('.');
      BigInteger value = new BigInteger(point < 0 ? text : text.substring(0, point));
      return value.bitLength() < bits ? value.toString() : null;
    }
  }

  /** Decimals of so many digits, some of them behind the point. */
  private record Decimal(int digits, int scale) implements FieldType {
    static Decimal of(DeclaredColumn column, String type) {
      Matcher matcher = DECIMAL.matcher(type);
      if (!matcher.matches()) {
        throw unknown(column);
      }
      String digits = matcher.group("digits");
      String scale = matcher.group("scale");
      Decimal decimal =
          digits == null
              ? new Decimal(18, 3)
              : new Decimal(Integer.parseInt(digits), scale == null ? 0 : Integer.parseInt(scale));
      if (decimal.digits < 1 || decimal.digits > 38 || decimal.scale > decimal.digits) {
        throw unknown(column);
      }
      return decimal;
    }

    @Override
    public @Nullable String text(FieldValue field) throws IOException {
      String text = field.text();
      if (isShort(text)) {
        return text;
      }
      if (text.length() > LONGEST_NUMBER || !NUMBER.matcher(text).matches()) {
        return null;
      }
      BigDecimal value;
      try {
        value = new BigDecimal(text).stripTrailingZeros();
      } catch (NumberFormatException | ArithmeticException e) {
        return null;
      }
      // In this order, because the digits of 1e999999999 would be too many to write.
      boolean fits =
          value.scale() <= scale && (long) value.precision() - value.scale() <= digits - scale;
      return fits ? value.toPlainString() : null;
    }

    /** Whether it is digits with a point among them or without, none too many: as most are. */
    private boolean isShort(String text) {
      int point = -1;
      int first = text.startsWith("-") ? 1 : 0;
      for (int i = first; i < text.length(); i++) {
        char c = text.charAt(i);
        if (c == '.' && point < 0) {
          point = i;
        } else if (c < '0' || c > '9') {
          return false;
        }
      }
      int end = point < 0 ? text.length() : point;
      int behind = point < 0 ? 0 : text.length() - point - 1;
      boolean isWhole = end > first && (point < 0 || behind > 0);
      return isWhole && end - first <= digits - scale && behind <= scale;
    }
  }
}

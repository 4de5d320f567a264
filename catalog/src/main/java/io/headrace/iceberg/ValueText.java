package io.headrace.iceberg;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/**
 * The text of a value and Iceberg's own form of it. The text is what the engine casts to and from
 * the type: {@code true}, {@code 1.50}, {@code 2026-01-31}, {@code 2026-01-31 23:59:59.5}, the same
 * with {@code +00}, a UUID, bytes in upper case hex.
 */
final class ValueText {
  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder()
          .appendPattern("HH:mm:ss")
          .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
          .toFormatter(Locale.ROOT);
  private static final HexFormat HEX = HexFormat.of().withUpperCase();
  private static final long MICROS_PER_SECOND = 1_000_000L;

  private ValueText() {}

  /**
   * Reads a value; empty for a text that Iceberg has no value for: an infinite date, one before
   * Christ, NaN.
   */
  static Optional<Object> parse(Type type, String text) {
    try {
      return Optional.of(parseValue(type, text));
    } catch (DateTimeException | IllegalArgumentException | ArithmeticException e) {
      return Optional.empty();
    }
  }

  private static Object parseValue(Type type, String text) {
    return switch (type.typeId()) {
      case BOOLEAN -> parseBoolean(text);
      case INTEGER -> Integer.valueOf(text);
      case LONG -> Long.valueOf(text);
      case FLOAT -> (float) parseDouble(text, true);
      case DOUBLE -> parseDouble(text, false);
      case DATE -> (int) LocalDate.parse(text).toEpochDay();
      case TIME -> LocalTime.parse(text).toNanoOfDay() / 1_000;
      case TIMESTAMP -> parseTimestamp((Types.TimestampType) type, text);
      case STRING -> text;
      case BINARY, FIXED -> ByteBuffer.wrap(HEX.parseHex(text));
      case UUID -> UUID.fromString(text);
      case DECIMAL -> new BigDecimal(text).setScale(((Types.DecimalType) type).scale());
      default -> throw new IllegalArgumentException("No text for type %s".formatted(type));
    };
  }

  private static boolean parseBoolean(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true", "1" -> true;
      case "false", "0" -> false;
      default -> throw new IllegalArgumentException("Not a boolean: %s".formatted(text));
    };
  }

  private static double parseDouble(String text, boolean single) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "inf", "infinity" -> Double.POSITIVE_INFINITY;
      case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
      case "nan" -> throw new IllegalArgumentException("NaN has no place in an order");
      default -> single ? Float.parseFloat(text) : Double.parseDouble(text);
    };
  }

  private static long parseTimestamp(Types.TimestampType type, String text) {
    String iso = text.replace(' ', 'T');
    if (!type.shouldAdjustToUTC()) {
      return micros(LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC));
    }
    return micros(
        iso.endsWith("+00")
            ? LocalDateTime.parse(iso.substring(0, iso.length() - 3)).toInstant(ZoneOffset.UTC)
            : OffsetDateTime.parse(iso).toInstant());
  }

  private static long micros(Instant instant) {
    return Math.addExact(
        Math.multiplyExact(instant.getEpochSecond(), MICROS_PER_SECOND), instant.getNano() / 1_000);
  }

  /** The text of a value in Iceberg's own form, as {@link #parse} reads it. */
  static String format(Type type, Object value) {
    return switch (type.typeId()) {
      case FLOAT, DOUBLE -> formatNumber(((Number) value).doubleValue(), value.toString());
      case DATE -> LocalDate.ofEpochDay((Integer) value).toString();
      case TIME -> TIME.format(LocalTime.ofNanoOfDay((Long) value * 1_000));
      case TIMESTAMP -> formatTimestamp((Types.TimestampType) type, (Long) value);
      case BINARY, FIXED -> HEX.formatHex(bytes((ByteBuffer) value));
      case DECIMAL -> ((BigDecimal) value).toPlainString();
      default -> value.toString();
    };
  }

  private static String formatNumber(double value, String text) {
    if (Double.isInfinite(value)) {
      return value > 0 ? "inf" : "-inf";
    }
    return text;
  }

  private static String formatTimestamp(Types.TimestampType type, long micros) {
    LocalDateTime time =
        LocalDateTime.ofInstant(Instant.EPOCH.plus(micros, ChronoUnit.MICROS), ZoneOffset.UTC);
    String text = time.toLocalDate() + " " + TIME.format(time);
    return type.shouldAdjustToUTC() ? text + "+00" : text;
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }

  /** How much of a text's or a byte string's length counts as a bound; 0 for other types. */
  static int boundLength(Type type, Object value) {
    return switch (type.typeId()) {
      case STRING -> value.toString().codePointCount(0, value.toString().length());
      case BINARY, FIXED -> ((ByteBuffer) value).remaining();
      default -> 0;
    };
  }
}

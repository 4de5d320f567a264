package io.headrace.connector.kafka.protobuf;

import io.headrace.connector.kafka.protobuf.ProtoType.Enumeration;
import io.headrace.connector.kafka.protobuf.ProtoType.MapOf;
import io.headrace.connector.kafka.protobuf.ProtoType.Scalar;
import io.headrace.connector.staging.FieldValue;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A value of a message as a value of documents: enumerations by name, bytes as {@code \xHH}, times
 * in ISO 8601, and durations as seconds.
 *
 * @param isWidened whether a float is written such that a double of that text is the same number
 */
record ProtoValue(ProtoType type, Object value, boolean isWidened) implements FieldValue {
  private static final HexFormat HEX = HexFormat.of().withPrefix("\\x");
  private static final long FIRST_SECOND = Instant.parse("0001-01-01T00:00:00Z").getEpochSecond();
  private static final long LAST_SECOND = Instant.parse("9999-12-31T23:59:59Z").getEpochSecond();
  private static final long MOST_SECONDS = 315_576_000_000L;
  private static final int NANOS = 1_000_000_000;

  /** The type of a column that holds all values of a field. */
  static String declared(ProtoField field) {
    if (field.isRepeated()) {
      return "VARCHAR";
    }
    if (field.type() instanceof Scalar scalar) {
      return scalar.declared();
    }
    if (!(field.type() instanceof MessageType message)) {
      return "VARCHAR";
    }
    Optional<WellKnown> known = message.wellKnown();
    return known.isEmpty()
        ? "VARCHAR"
        : switch (known.get()) {
          case TIMESTAMP -> "TIMESTAMPTZ";
          case DURATION -> "DECIMAL(21,9)";
          case WRAPPER -> declared(message.fields().get(0));
          case STRUCT, VALUE, LIST -> "VARCHAR";
        };
  }

  /** Whether values of a field are lists, or have names in them, so that they are JSON. */
  static boolean isNested(ProtoField field) {
    if (field.isRepeated() || field.type() instanceof MapOf) {
      return true;
    }
    return field.type() instanceof MessageType message && !isPlain(message);
  }

  /** Whether a message means one value without parts. */
  static boolean isPlain(MessageType message) {
    return message
        .wellKnown()
        .filter(
            known ->
                known == WellKnown.TIMESTAMP
                    || known == WellKnown.DURATION
                    || known == WellKnown.WRAPPER)
        .isPresent();
  }

  /** A value that is not nested. What wraps another is that one. */
  static ProtoValue of(ProtoType type, Object value, boolean isWidened) {
    if (value instanceof ProtoMessage message
        && message.type().wellKnown().filter(WellKnown.WRAPPER::equals).isPresent()) {
      ProtoField wrapped = message.type().fields().get(0);
      Object inner = message.value(wrapped);
      return new ProtoValue(
          wrapped.type(), inner == null ? wrapped.type().initial() : inner, isWidened);
    }
    return new ProtoValue(type, value, isWidened);
  }

  @Override
  public boolean isText() {
    if (type instanceof MessageType message) {
      return message.wellKnown().filter(WellKnown.DURATION::equals).isEmpty();
    }
    return type instanceof Enumeration || value instanceof String || value instanceof byte[];
  }

  @Override
  public boolean isWholeNumber() {
    return value instanceof Long number
        && type instanceof Scalar scalar
        && !(scalar.isUnsigned64() && number < 0);
  }

  @Override
  public long wholeNumber() {
    return (Long) value;
  }

  boolean isFinite() {
    return !(value instanceof Float || value instanceof Double)
        || Double.isFinite(((Number) value).doubleValue());
  }

  @Override
  public String text() throws IOException {
    if (value instanceof ProtoMessage message) {
      return time(message);
    }
    if (value instanceof byte[] bytes) {
      return HEX.formatHex(bytes);
    }
    if (type instanceof Enumeration names) {
      String name = names.names().get((Long) value);
      return name == null ? value.toString() : name;
    }
    if (value instanceof Long number && type instanceof Scalar scalar && scalar.isUnsigned64()) {
      return Long.toUnsignedString(number);
    }
    return value instanceof Float number && isWidened ? Double.toString(number) : value.toString();
  }

  private static String time(ProtoMessage message) throws IOException {
    long seconds = part(message, 0);
    long nanos = part(message, 1);
    if (message.type().wellKnown().filter(WellKnown.TIMESTAMP::equals).isPresent()) {
      if (seconds < FIRST_SECOND || seconds > LAST_SECOND || nanos < 0 || nanos >= NANOS) {
        throw new IOException(
            "a timestamp is of %d seconds and %d nanoseconds".formatted(seconds, nanos));
      }
      return LocalDateTime.ofEpochSecond(seconds, (int) nanos, ZoneOffset.UTC) + "Z";
    }
    boolean isMixed = Long.signum(seconds) * Long.signum(nanos) < 0;
    if (Math.abs(nanos) >= NANOS || seconds < -MOST_SECONDS || seconds > MOST_SECONDS || isMixed) {
      throw new IOException(
          "a duration is of %d seconds and %d nanoseconds".formatted(seconds, nanos));
    }
    BigDecimal all = BigDecimal.valueOf(seconds).add(BigDecimal.valueOf(nanos, 9));
    return all.signum() == 0 ? "0" : all.stripTrailingZeros().toPlainString();
  }

  private static long part(ProtoMessage message, int index) {
    return message.value(message.type().fields().get(index)) instanceof Long part ? part : 0;
  }
}

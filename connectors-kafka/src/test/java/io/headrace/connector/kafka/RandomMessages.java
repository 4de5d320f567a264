package io.headrace.connector.kafka;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Messages with any values, and what the documentation says of them as columns. */
final class RandomMessages {
  private final SplittableRandom random;

  RandomMessages(SplittableRandom random) {
    this.random = random;
  }

  DynamicMessage next(Descriptor type, int depth) {
    DynamicMessage.Builder message = DynamicMessage.newBuilder(type);
    for (FieldDescriptor field : type.getFields()) {
      boolean isTooDeep = depth == 0 && field.getJavaType() == FieldDescriptor.JavaType.MESSAGE;
      if (isTooDeep || random.nextInt(3) == 0) {
        continue;
      }
      if (field.isRepeated()) {
        for (int i = random.nextInt(3); i > 0; i--) {
          message.addRepeatedField(field, value(field, depth));
        }
      } else {
        message.setField(field, value(field, depth));
      }
    }
    return message.build();
  }

  private Object value(FieldDescriptor field, int depth) {
    return switch (field.getJavaType()) {
      case BOOLEAN -> random.nextBoolean();
      case INT -> (int) (random.nextLong() >> (32 + random.nextInt(32)));
      case LONG -> random.nextLong() >> random.nextInt(64);
      case FLOAT -> Float.intBitsToFloat(random.nextInt());
      case DOUBLE -> Double.longBitsToDouble(random.nextLong());
      case STRING -> text();
      case BYTE_STRING -> ByteString.copyFrom(text().getBytes(StandardCharsets.UTF_16));
      case ENUM -> {
        List<EnumValueDescriptor> values = field.getEnumType().getValues();
        yield values.get(random.nextInt(values.size()));
      }
      case MESSAGE -> message(field.getMessageType(), depth - 1);
    };
  }

  private DynamicMessage message(Descriptor type, int depth) {
    boolean isTime = type.getName().equals("Timestamp");
    if (!isTime && !type.getName().equals("Duration")) {
      return next(type, depth);
    }
    long seconds = random.nextLong(isTime ? -62_135_596_800L : 0, 253_402_300_800L);
    return DynamicMessage.newBuilder(type)
        .setField(type.findFieldByName("seconds"), seconds)
        .setField(type.findFieldByName("nanos"), random.nextInt(1_000_000_000))
        .build();
  }

  private String text() {
    return random
        .ints(random.nextInt(6), 0, 0x11000)
        .filter(c -> c < 0xd800 || c > 0xdfff)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  /** The text of a field in a column, or null. */
  static @Nullable String text(Message message, FieldDescriptor field) {
    boolean isThere = field.isRepeated() || !field.hasPresence() || message.hasField(field);
    if (!isThere) {
      return null;
    }
    Object value = message.getField(field);
    String json = json(field, value);
    boolean isPlain =
        !field.isRepeated()
            && (field.getJavaType() != FieldDescriptor.JavaType.MESSAGE
                || List.of("Timestamp", "Duration").contains(field.getMessageType().getName())
                || isWrapper(field.getMessageType()));
    return isPlain && json.startsWith("\"") ? plain(field, value) : json;
  }

  private static boolean isWrapper(Descriptor type) {
    return type.getFullName().matches("google\\.protobuf\\.(Int64|UInt64|String|Float)Value");
  }

  private static String json(FieldDescriptor field, Object value) {
    if (field.isMapField()) {
      Map<String, String> entries = new LinkedHashMap<>();
      for (Object each : (List<?>) value) {
        Message entry = (Message) each;
        FieldDescriptor of = entry.getDescriptorForType().findFieldByName("value");
        FieldDescriptor key = entry.getDescriptorForType().findFieldByName("key");
        entries.put(quoted(plain(key, entry.getField(key))), json(of, entry.getField(of)));
      }
      return entries.entrySet().stream()
          .map(each -> each.getKey() + ":" + each.getValue())
          .collect(Collectors.joining(",", "{", "}"));
    }
    if (value instanceof List<?> items) {
      return items.stream()
          .map(item -> one(field, item))
          .collect(Collectors.joining(",", "[", "]"));
    }
    return one(field, value);
  }

  private static String one(FieldDescriptor field, Object value) {
    if (!(value instanceof Message message)) {
      String plain = plain(field, value);
      boolean isNumber =
          value instanceof Boolean
              || (value instanceof Number number && Double.isFinite(number.doubleValue()));
      return isNumber ? plain : quoted(plain);
    }
    Descriptor type = message.getDescriptorForType();
    if (isWrapper(type)) {
      return one(type.getFields().get(0), message.getField(type.getFields().get(0)));
    }
    return switch (type.getFullName()) {
      case "google.protobuf.Timestamp" -> quoted(plain(field, value));
      case "google.protobuf.Duration" -> plain(field, value);
      case "google.protobuf.Struct", "google.protobuf.ListValue" ->
          json(type.getFields().get(0), message.getField(type.getFields().get(0)));
      case "google.protobuf.Value" ->
          message.getAllFields().entrySet().stream()
              .filter(each -> each.getKey().getNumber() > 1)
              .map(each -> json(each.getKey(), each.getValue()))
              .findFirst()
              .orElse("null");
      default ->
          type.getFields().stream()
              .filter(each -> text(message, each) != null)
              .map(each -> quoted(each.getName()) + ":" + json(each, message.getField(each)))
              .collect(Collectors.joining(",", "{", "}"));
    };
  }

  private static String plain(FieldDescriptor field, Object value) {
    if (value instanceof Message message) {
      Descriptor type = message.getDescriptorForType();
      if (isWrapper(type)) {
        return plain(type.getFields().get(0), message.getField(type.getFields().get(0)));
      }
      long seconds = (Long) message.getField(type.findFieldByName("seconds"));
      int nanos = (Integer) message.getField(type.findFieldByName("nanos"));
      return type.getName().equals("Timestamp")
          ? LocalDateTime.ofInstant(Instant.ofEpochSecond(seconds, nanos), ZoneOffset.UTC) + "Z"
          : new BigDecimal("%d.%09d".formatted(seconds, nanos))
              .stripTrailingZeros()
              .toPlainString();
    }
    return switch (field.getType()) {
      case UINT32, FIXED32 -> Integer.toUnsignedString((Integer) value);
      case UINT64, FIXED64 -> Long.toUnsignedString((Long) value);
      case BYTES -> HexFormat.of().withPrefix("\\x").formatHex(((ByteString) value).toByteArray());
      case ENUM ->
          ((EnumValueDescriptor) value)
              .getType()
              .findValueByNumber(((EnumValueDescriptor) value).getNumber())
              .getName();
      default -> value.toString();
    };
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      int known = "\"\\\b\f\n\r\t".indexOf(c);
      if (known >= 0) {
        quoted.append('\\').append("\"\\bfnrt".charAt(known));
      } else if (c < ' ') {
        quoted.append("\\u%04X".formatted((int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }
}

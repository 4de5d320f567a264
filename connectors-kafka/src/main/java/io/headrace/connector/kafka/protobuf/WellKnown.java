package io.headrace.connector.kafka.protobuf;

import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Types of messages that mean one value, of the schemas that come with Protocol Buffers. */
enum WellKnown {
  TIMESTAMP,
  DURATION,
  STRUCT,
  VALUE,
  LIST,
  /** A message with one field, {@code value}, which is what it means. */
  WRAPPER;

  private static final String PACKAGE = "google.protobuf.";

  /** The files whose types are known; others have to be files of the project. */
  static final Set<String> FILES =
      Stream.of("any", "duration", "empty", "field_mask", "struct", "timestamp", "wrappers")
          .map("google/protobuf/%s.proto"::formatted)
          .collect(Collectors.toUnmodifiableSet());

  /** What the files of these types say. */
  static final String SCHEMA =
      """
      syntax = "proto3";
      package google.protobuf;
      message Timestamp { int64 seconds = 1; int32 nanos = 2; }
      message Duration { int64 seconds = 1; int32 nanos = 2; }
      message Struct { map<string, Value> fields = 1; }
      message Value {
        oneof kind {
          NullValue null_value = 1;
          double number_value = 2;
          string string_value = 3;
          bool bool_value = 4;
          Struct struct_value = 5;
          ListValue list_value = 6;
        }
      }
      enum NullValue { NULL_VALUE = 0; }
      message ListValue { repeated Value values = 1; }
      message DoubleValue { double value = 1; }
      message FloatValue { float value = 1; }
      message Int64Value { int64 value = 1; }
      message UInt64Value { uint64 value = 1; }
      message Int32Value { int32 value = 1; }
      message UInt32Value { uint32 value = 1; }
      message BoolValue { bool value = 1; }
      message StringValue { string value = 1; }
      message BytesValue { bytes value = 1; }
      message Any { string type_url = 1; bytes value = 2; }
      message Empty {}
      message FieldMask { repeated string paths = 1; }
      """;

  /** What one of the types above means. */
  static Optional<WellKnown> of(String type) {
    if (!type.startsWith(PACKAGE)) {
      return Optional.empty();
    }
    return switch (type.substring(PACKAGE.length())) {
      case "Timestamp" -> Optional.of(TIMESTAMP);
      case "Duration" -> Optional.of(DURATION);
      case "Struct" -> Optional.of(STRUCT);
      case "Value" -> Optional.of(VALUE);
      case "ListValue" -> Optional.of(LIST);
      case "DoubleValue",
          "FloatValue",
          "Int64Value",
          "UInt64Value",
          "Int32Value",
          "UInt32Value",
          "BoolValue",
          "StringValue",
          "BytesValue" ->
          Optional.of(WRAPPER);
      default -> Optional.empty();
    };
  }
}

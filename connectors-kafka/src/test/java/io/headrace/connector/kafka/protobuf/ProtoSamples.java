package io.headrace.connector.kafka.protobuf;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DurationProto;
import com.google.protobuf.StructProto;
import com.google.protobuf.TextFormat;
import com.google.protobuf.TimestampProto;
import com.google.protobuf.WrappersProto;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The same schema twice: as its text, and as the library of Google has it. */
public final class ProtoSamples {
  private static final List<String> SCALARS =
      Stream.of(ProtoType.Scalar.values()).map(s -> s.name().toLowerCase(Locale.ROOT)).toList();

  private static final String HEAD =
      """
      syntax = "proto3"; // a comment; with signs }
      package shop.v1;
      import "google/protobuf/timestamp.proto";
      import public 'google/protobuf/duration.proto';
      import "google/protobuf/struct.proto";
      import "google/protobuf/wrappers.proto";
      import "confluent/meta.proto";
      option java_package = "com" ".shop";
      option (confluent.file_meta).doc = "a \\" } text";

      /* message Not { } */
      message All {
        option (confluent.message_meta) = { doc: "x }" params: [ { key: "a" value: "b" } ] };
        reserved 900, 950 to 960, 1000 to max;
        reserved "old", 'older';
        enum Colour { option allow_alias = true; RED = 0; GREEN = 1 [deprecated = true]; LIME = 1;
          BELOW = -0x2; reserved 7; }
        message Inner { sint64 n = 1; optional bool b = 2; Inner next = 3; repeated float f = 4;
          message Deep { Colour c = 1; } Deep deep = 5; }
      """;
  private static final String TAIL =
      """
        Colour colour = 31;
        optional .shop.v1.All.Colour maybe = 32;
        repeated Colour colours = 33 [packed = true, (confluent.field_meta) = {doc: "y"}];
        Inner inner = 34;
        repeated All.Inner inners = 35;
        map<string, Inner> by_name = 36;
        map < sint32 , double > numbers = 37;
        map<bool, Colour> flags = 38;
        oneof what { option (o) = 1; int64 a = 39; string b = 40; Inner c = 41; }
        google.protobuf.Timestamp at = 42;
        google.protobuf.Duration took = 43;
        google.protobuf.Struct extra = 44;
        google.protobuf.Value any = 45;
        google.protobuf.ListValue many = 46;
        google.protobuf.Int64Value wrapped = 47;
        google.protobuf.StringValue text = 48;
        google.protobuf.FloatValue ratio = 49;
        repeated google.protobuf.Timestamp times = 50;
        oneof other { google.protobuf.UInt64Value d = 51; };
      }
      message Other { All all = 1; }
      service Shop { rpc Buy(All) returns (stream Other) { option deadline = 1; } }
      extend google.protobuf.FieldOptions { optional string doc = 50001; }
      """;

  private ProtoSamples() {}

  /** A field of each type, also as one of which it is told whether it is there, and as a list. */
  public static String text() {
    StringBuilder text = new StringBuilder(HEAD);
    for (int i = 0; i < SCALARS.size(); i++) {
      String type = SCALARS.get(i);
      text.append("%s s_%s = %d;\n".formatted(type, type, i + 1));
      text.append("  optional %s o_%s = %d;\n".formatted(type, type, i + 101));
      text.append("  repeated %s r_%s = %d;\n".formatted(type, type, i + 201));
      text.append("  repeated %s u_%s = %d [packed=false];\n".formatted(type, type, i + 301));
    }
    return text + TAIL;
  }

  /** The type {@code shop.v1.All} of the schema. */
  public static Descriptor all() {
    return file().findMessageTypeByName("All");
  }

  static FileDescriptor file() {
    StringBuilder fields = new StringBuilder();
    for (int i = 0; i < SCALARS.size(); i++) {
      String type = SCALARS.get(i);
      String upper = type.toUpperCase(Locale.ROOT);
      boolean packs = !List.of("string", "bytes").contains(type);
      fields.append(field("s_" + type, i + 1, "OPTIONAL", "type: TYPE_" + upper));
      fields.append(
          field(
              "o_" + type,
              i + 101,
              "OPTIONAL",
              "type: TYPE_%s proto3_optional: true oneof_index: %d".formatted(upper, i + 2)));
      fields.append(field("r_" + type, i + 201, "REPEATED", "type: TYPE_" + upper));
      fields.append(
          field(
              "u_" + type,
              i + 301,
              "REPEATED",
              "type: TYPE_" + upper + (packs ? " options { packed: false }" : "")));
    }
    String maybe = "proto3_optional: true oneof_index: %d".formatted(SCALARS.size() + 2);
    fields.append(field("colour", 31, "OPTIONAL", "type_name: 'Colour'"));
    fields.append(field("maybe", 32, "OPTIONAL", "type_name: 'Colour' " + maybe));
    fields.append(field("colours", 33, "REPEATED", "type_name: 'Colour'"));
    fields.append(field("inner", 34, "OPTIONAL", "type_name: 'Inner'"));
    fields.append(field("inners", 35, "REPEATED", "type_name: 'Inner'"));
    fields.append(field("by_name", 36, "REPEATED", "type_name: 'ByNameEntry'"));
    fields.append(field("numbers", 37, "REPEATED", "type_name: 'NumbersEntry'"));
    fields.append(field("flags", 38, "REPEATED", "type_name: 'FlagsEntry'"));
    fields.append(field("a", 39, "OPTIONAL", "type: TYPE_INT64 oneof_index: 0"));
    fields.append(field("b", 40, "OPTIONAL", "type: TYPE_STRING oneof_index: 0"));
    fields.append(field("c", 41, "OPTIONAL", "type_name: 'Inner' oneof_index: 0"));
    int number = 42;
    for (Map.Entry<String, String> each :
        List.of(
            Map.entry("at", "Timestamp"),
            Map.entry("took", "Duration"),
            Map.entry("extra", "Struct"),
            Map.entry("any", "Value"),
            Map.entry("many", "ListValue"),
            Map.entry("wrapped", "Int64Value"),
            Map.entry("text", "StringValue"),
            Map.entry("ratio", "FloatValue"))) {
      fields.append(field(each.getKey(), number++, "OPTIONAL", google(each.getValue())));
    }
    fields.append(field("times", 50, "REPEATED", google("Timestamp")));
    fields.append(field("d", 51, "OPTIONAL", google("UInt64Value") + " oneof_index: 1"));
    String synthetic =
        Stream.concat(SCALARS.stream(), Stream.of("maybe"))
            .map("oneof_decl { name: '_%s' }"::formatted)
            .collect(Collectors.joining("\n"));
    String inner =
        field("n", 1, "OPTIONAL", "type: TYPE_SINT64")
            + field("b", 2, "OPTIONAL", "type: TYPE_BOOL proto3_optional: true oneof_index: 0")
            + field("next", 3, "OPTIONAL", "type_name: 'Inner'")
            + field("f", 4, "REPEATED", "type: TYPE_FLOAT")
            + field("deep", 5, "OPTIONAL", "type_name: 'Deep'");
    return build(
        """
        name: 'shop.proto' package: 'shop.v1' syntax: 'proto3'
        dependency: ['google/protobuf/timestamp.proto', 'google/protobuf/duration.proto',
            'google/protobuf/struct.proto', 'google/protobuf/wrappers.proto']
        message_type { name: 'All' %s
          oneof_decl { name: 'what' } oneof_decl { name: 'other' } %s
          enum_type { name: 'Colour' options { allow_alias: true }
            value { name: 'RED' number: 0 } value { name: 'GREEN' number: 1 }
            value { name: 'LIME' number: 1 } value { name: 'BELOW' number: -2 } }
          nested_type { name: 'Inner' %s oneof_decl { name: '_b' }
            nested_type { name: 'Deep' %s } }
          %s %s %s }
        message_type { name: 'Other' %s }
        """
            .formatted(
                fields,
                synthetic,
                inner,
                field("c", 1, "OPTIONAL", "type_name: 'Colour'"),
                entry("ByName", "type: TYPE_STRING", "type_name: 'Inner'"),
                entry("Numbers", "type: TYPE_SINT32", "type: TYPE_DOUBLE"),
                entry("Flags", "type: TYPE_BOOL", "type_name: 'Colour'"),
                field("all", 1, "OPTIONAL", "type_name: 'All'")));
  }

  private static String google(String type) {
    return "type_name: '.google.protobuf.%s'".formatted(type);
  }

  private static String entry(String name, String key, String value) {
    return "nested_type { name: '%sEntry' options { map_entry: true } %s %s }\n"
        .formatted(name, field("key", 1, "OPTIONAL", key), field("value", 2, "OPTIONAL", value));
  }

  static String field(String name, int number, String label, String more) {
    return "field { name: '%s' number: %d label: LABEL_%s %s }\n"
        .formatted(name, number, label, more);
  }

  /** A file of a schema, of the text of its descriptor. */
  static FileDescriptor build(String text) {
    FileDescriptorProto.Builder builder = FileDescriptorProto.newBuilder();
    try {
      TextFormat.merge(text, builder);
      return FileDescriptor.buildFrom(
          builder.build(),
          new FileDescriptor[] {
            TimestampProto.getDescriptor(),
            DurationProto.getDescriptor(),
            StructProto.getDescriptor(),
            WrappersProto.getDescriptor()
          });
    } catch (TextFormat.ParseException | DescriptorValidationException e) {
      throw new AssertionError(e);
    }
  }
}

package io.headrace.connector.kafka.protobuf;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.AnyProto;
import com.google.protobuf.ApiProto;
import com.google.protobuf.DescriptorProtos;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DurationProto;
import com.google.protobuf.SourceContextProto;
import com.google.protobuf.StructProto;
import com.google.protobuf.TimestampProto;
import com.google.protobuf.TypeProto;
import com.google.protobuf.WrappersProto;
import io.headrace.connector.kafka.protobuf.ProtoField.Presence;
import io.headrace.engine.Query.DeclaredColumn;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is read of the texts of schemas: what Google's own library has of the same ones. */
class ProtoSchemaTest {
  private static ProtoSchema parse(String text) {
    try {
      return ProtoSchema.parse(text, Map.of());
    } catch (SchemaTextException e) {
      throw new AssertionError(e);
    }
  }

  private static void same(ProtoSchema schema, FileDescriptor file) {
    assertThat(schema.top().stream().map(MessageType::name))
        .containsExactlyElementsOf(
            file.getMessageTypes().stream().map(Descriptor::getFullName).toList());
    for (Descriptor expected : file.getMessageTypes()) {
      same(schema, schema.find(expected.getFullName()).orElseThrow(), expected);
    }
  }

  private static void same(ProtoSchema schema, MessageType type, Descriptor expected) {
    assertThat(type.columns().stream().map(DeclaredColumn::name))
        .containsExactlyInAnyOrderElementsOf(
            expected.getFields().stream().map(FieldDescriptor::getName).toList());
    for (FieldDescriptor field : expected.getFields()) {
      same(requireNonNull(type.field(field.getNumber())), field);
    }
    List<Descriptor> nested =
        expected.getNestedTypes().stream()
            .filter(each -> !each.toProto().getOptions().getMapEntry())
            .toList();
    assertThat(requireNonNull(schema.nested().get(type)).stream().map(MessageType::name))
        .containsExactlyElementsOf(nested.stream().map(Descriptor::getFullName).toList());
    for (Descriptor each : nested) {
      same(schema, schema.find(each.getFullName()).orElseThrow(), each);
    }
  }

  private static void same(ProtoField field, FieldDescriptor expected) {
    String name = expected.getFullName();
    assertThat(field.name()).as(name).isEqualTo(expected.getName());
    Presence presence = Presence.IMPLICIT;
    if (expected.isRequired()) {
      presence = Presence.REQUIRED;
    } else if (expected.isRepeated() && !expected.isMapField()) {
      presence = Presence.REPEATED;
    } else if (expected.hasPresence()) {
      presence = Presence.EXPLICIT;
    }
    assertThat(field.presence()).as(name).isEqualTo(presence);
    assertThat(field.oneof() >= 0).as(name).isEqualTo(expected.getRealContainingOneof() != null);
    assertThat(field.isGroup())
        .as(name)
        .isEqualTo(expected.getType() == FieldDescriptor.Type.GROUP);
    if (expected.isMapField()) {
      ProtoType.MapOf map = (ProtoType.MapOf) field.type();
      same(name, map.key(), expected.getMessageType().findFieldByName("key"));
      same(name, map.value(), expected.getMessageType().findFieldByName("value"));
    } else {
      same(name, field.type(), expected);
    }
  }

  private static void same(String name, ProtoType type, FieldDescriptor expected) {
    switch (expected.getJavaType()) {
      case MESSAGE ->
          assertThat(((MessageType) type).name())
              .as(name)
              .isEqualTo(expected.getMessageType().getFullName());
      case ENUM -> {
        ProtoType.Enumeration enumeration = (ProtoType.Enumeration) type;
        assertThat(enumeration.name()).as(name).isEqualTo(expected.getEnumType().getFullName());
        Map<Long, String> names = new TreeMap<>();
        for (EnumValueDescriptor value : expected.getEnumType().getValues()) {
          names.putIfAbsent((long) value.getNumber(), value.getName());
        }
        assertThat(enumeration.names()).as(name).isEqualTo(names);
        assertThat(enumeration.first())
            .as(name)
            .isEqualTo(expected.getEnumType().getValues().get(0).getNumber());
      }
      default ->
          assertThat(type)
              .as(name)
              .isEqualTo(
                  ProtoType.Scalar.valueOf(expected.getType().name().toUpperCase(Locale.ROOT)));
    }
  }

  @Test
  void readsSchemasAsGoogleDoes() throws IOException {
    same(parse(ProtoSamples.text()), ProtoSamples.file());
    FileDescriptor[] files = {
      DescriptorProtos.getDescriptor(),
      ApiProto.getDescriptor(),
      TypeProto.getDescriptor(),
      SourceContextProto.getDescriptor(),
      AnyProto.getDescriptor(),
      StructProto.getDescriptor(),
      TimestampProto.getDescriptor(),
      DurationProto.getDescriptor(),
      WrappersProto.getDescriptor()
    };
    Map<String, String> texts = new TreeMap<>();
    for (FileDescriptor file : files) {
      try (InputStream in = DescriptorProtos.class.getResourceAsStream("/" + file.getFullName())) {
        texts.put(
            file.getFullName(),
            new String(requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8));
      }
    }
    for (FileDescriptor file : files) {
      same(ProtoSchema.parse(requireNonNull(texts.get(file.getFullName())), texts), file);
    }
    // What is known without a file is as the files have it.
    for (FileDescriptor file : files) {
      if (WellKnown.FILES.contains(file.getFullName())) {
        ProtoSchema known = parse(WellKnown.SCHEMA);
        for (Descriptor each : file.getMessageTypes()) {
          same(known, known.find(each.getFullName()).orElseThrow(), each);
        }
      }
    }
  }

  @Test
  void groupsAndWhatIsRequiredAreOfProto2() {
    same(
        parse(
            """
            // Without a syntax.
            message Old {
              required int32 id = 1 [default = -3];
              optional string name = 2 [default = "a;]"];
              repeated group Item = 3 { optional Item parent = 1; message In {} enum E { X = 5; } }
              oneof one { group Pick = 6 { optional bool b = 1; } }
              optional Item.E e = 7;
              extensions 100 to 199 [declaration = { number: 100 }];
              extend Old { optional int32 more = 100; }
            }
            """),
        ProtoSamples.build(
            """
            name: 'old.proto'
            message_type { name: 'Old' %s %s %s %s %s oneof_decl { name: 'one' }
              nested_type { name: 'Item' %s nested_type { name: 'In' }
                enum_type { name: 'E' value { name: 'X' number: 5 } } }
              nested_type { name: 'Pick' %s } }
            """
                .formatted(
                    ProtoSamples.field("id", 1, "REQUIRED", "type: TYPE_INT32"),
                    ProtoSamples.field("name", 2, "OPTIONAL", "type: TYPE_STRING"),
                    ProtoSamples.field("item", 3, "REPEATED", "type: TYPE_GROUP type_name: 'Item'"),
                    ProtoSamples.field(
                        "pick", 6, "OPTIONAL", "type: TYPE_GROUP type_name: 'Pick' oneof_index: 0"),
                    ProtoSamples.field("e", 7, "OPTIONAL", "type_name: 'Item.E'"),
                    ProtoSamples.field("parent", 1, "OPTIONAL", "type_name: 'Item'"),
                    ProtoSamples.field("b", 1, "OPTIONAL", "type: TYPE_BOOL"))));
  }

  @Test
  void editionsSayWhetherItIsToldThatAFieldIsThere() {
    MessageType type =
        parse(
                """
                edition = "2023";
                option features.field_presence = IMPLICIT;
                message A {
                  int32 plain = 1;
                  int32 told = 2 [features.field_presence = EXPLICIT];
                  int32 must = 3 [features = { field_presence: LEGACY_REQUIRED }, deprecated = true];
                  A inner = 4 [features.message_encoding = DELIMITED, features.(pb.java).x = Y];
                  repeated A list = 5;
                }
                """)
            .only()
            .orElseThrow();
    assertThat(type.fields().stream().map(ProtoField::presence))
        .containsExactly(
            Presence.IMPLICIT,
            Presence.EXPLICIT,
            Presence.REQUIRED,
            Presence.EXPLICIT,
            Presence.REPEATED);
    assertThat(type.fields().stream().map(ProtoField::isGroup))
        .containsExactly(false, false, false, true, false);
    MessageType next =
        parse("edition = '2024'; export message A { local enum E { X = 0; } E e = 1; }")
            .only()
            .orElseThrow();
    assertThat(next.fields().get(0).presence()).isEqualTo(Presence.EXPLICIT);
  }

  @Test
  void typesAreFoundByNamesAndNumbers() throws IOException {
    ProtoSchema schema =
        ProtoSchema.parse(
            """
            syntax = "proto3"; package a.b; import "c.proto";
            message X { message Y {} message Z { message Y { c.T t = 1; Y y = 2; } } enum E { e = 0; } }
            message W { X.Z.Y y = 1; b.X x = 2; }
            """,
            Map.of(
                "c.proto", "syntax = 'proto3'; package c; import 'd.proto'; message T { U u = 1; }",
                "d.proto",
                    "syntax = 'proto3'; package c; import 'c.proto'; message U { T t = 1; }"));
    assertThat(schema.names()).containsExactly("a.b.W", "a.b.X", "a.b.X.Y", "a.b.X.Z", "a.b.X.Z.Y");
    assertThat(schema.find("W").orElseThrow().name()).isEqualTo("a.b.W");
    assertThat(schema.find("Z.Y").orElseThrow().name()).isEqualTo("a.b.X.Z.Y");
    assertThat(schema.find("Y")).isEmpty();
    assertThat(schema.find("T")).isEmpty();
    assertThat(schema.only()).isEmpty();
    assertThat(schema.at(List.of(0, 1, 0)).orElseThrow().name()).isEqualTo("a.b.X.Z.Y");
    assertThat(schema.at(List.of(1)).orElseThrow().name()).isEqualTo("a.b.W");
    assertThat(schema.at(List.of(2))).isEmpty();
    assertThat(schema.at(List.of(0, 2))).isEmpty();
    assertThat(schema.at(List.of(-1))).isEmpty();
    ProtoType inner = schema.at(List.of(0, 1, 0)).orElseThrow().fields().get(1).type();
    assertThat(((MessageType) inner).name()).isEqualTo("a.b.X.Z.Y");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "message A { optional int32 a = 1 } | 1:34: expected ';', found '}'",
        "message A { int32 a = 1; } | 1:13: the field 'a' is neither optional, required nor repeated",
        "message A { optional int32 a = 0; } | 1:32: 0 is no number of a field",
        "message A { optional int32 a = 99999999999; } | 1:32: '99999999999' is no number of 32 bits",
        "message A { optional int32 a = 1; optional bool a = 2; } | 1:35: the name 'a' or the number 2 is there twice",
        "message A { optional B b = 1; } | 1:13: the type 'B' is not known",
        "import 'b.proto'; message A { optional B b = 1; } | 1:31: the type 'B' is not known, and these imports are not found: b.proto",
        "message A {} message A {} | 1:14: the type 'A' is there twice",
        "message A { map<float, bool> m = 1; } | 1:13: 'float' is no type of keys",
        "message A { | 1:12: expected a word, found the end",
        "message A { option x = ; } | 1:24: the option 'x' has no value",
        "enum A {} | 1:1: the enum 'A' has no values",
        "syntax = 'proto4'; | 1:10: 'proto4' is no syntax that is known",
        "/* message | 1:1: a comment has no end",
        "message 'A | 1:9: a text has no end",
        "{} | 1:1: expected a message, found '{'",
        "service S { | 1:12: expected '}', found the end",
        "option a = { b { | 1:17: expected '}', found the end",
        "enum E { A = 1; } | it has no messages",
      })
  void saysWhereATextIsWrong(String text, String reason) {
    assertThatThrownBy(() -> ProtoSchema.parse(text, Map.of()))
        .isInstanceOf(SchemaTextException.class)
        .hasMessage(reason);
  }

  @Test
  void deepTextsAndErrorsInImportsAreRefused() {
    assertThatThrownBy(() -> ProtoSchema.parse("message A {".repeat(100_000), Map.of()))
        .hasMessageContaining("more than 100 times");
    assertThatThrownBy(() -> ProtoSchema.parse("option a = " + "{".repeat(100_000), Map.of()))
        .hasMessageContaining("found the end");
    assertThatThrownBy(
            () ->
                ProtoSchema.parse(
                    "import 'b.proto'; message A {}", Map.of("b.proto", "\nmessage ;")))
        .hasMessage("b.proto:2:9: expected a word, found ';'");
  }
}

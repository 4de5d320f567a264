package io.headrace.connector.kafka.protobuf;

import io.headrace.connector.kafka.protobuf.ProtoField.Presence;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes types of what files of a schema declare. Reads one schema. */
final class SchemaLinker {
  private static final String PRESENCE = "features.field_presence";

  /** No import has this name. */
  private static final String WELL_KNOWN = "(well-known)";

  private static final String ENCODING = "features.message_encoding";

  private final Map<String, String> imports;
  private final Map<String, Declared.File> files = new LinkedHashMap<>();
  private final Set<String> missing = new LinkedHashSet<>();
  private final Map<String, ProtoType> types = new HashMap<>();

  SchemaLinker(Map<String, String> imports) {
    this.imports = imports;
  }

  ProtoSchema link(String text) throws SchemaTextException {
    Declared.File main = load("", text);
    if (main.messages().isEmpty()) {
      throw new SchemaTextException("it has no messages");
    }
    for (Declared.File file : files.values()) {
      declare(file.tokens(), file.enumerations());
      declareAll(file, file.messages());
    }
    for (Declared.File file : files.values()) {
      define(file, file.messages());
    }
    Map<MessageType, List<MessageType>> own = new LinkedHashMap<>();
    return new ProtoSchema(own(main.messages(), own), own);
  }

  /** The types of messages, and by type those that are in it. */
  private List<MessageType> own(
      List<Declared.Message> all, Map<MessageType, List<MessageType>> nested) {
    List<MessageType> made = new ArrayList<>();
    for (Declared.Message each : all) {
      made.add(message(each));
      nested.put(message(each), own(each.messages(), nested));
    }
    return made;
  }

  /** Reads a file and those that it imports. One that is missing may have only options. */
  private Declared.File load(String name, String text) throws SchemaTextException {
    Declared.File file = SchemaParser.parse(name, text);
    files.put(name, file);
    for (String imported : file.imports()) {
      String known = imports.get(imported);
      if (WellKnown.FILES.contains(imported)) {
        if (!files.containsKey(WELL_KNOWN)) {
          load(WELL_KNOWN, WellKnown.SCHEMA);
        }
      } else if (known == null) {
        missing.add(imported);
      } else if (!files.containsKey(imported)) {
        load(imported, known);
      }
    }
    return file;
  }

  private void declare(Tokens tokens, List<Declared.Enumeration> all) throws SchemaTextException {
    for (Declared.Enumeration each : all) {
      declare(tokens, each, new ProtoType.Enumeration(each.name(), each.values(), each.first()));
    }
  }

  private void declare(Tokens tokens, Declared each, ProtoType type) throws SchemaTextException {
    if (types.putIfAbsent(each.name(), type) != null) {
      throw tokens.wrong(each.at(), "the type '%s' is there twice".formatted(each.name()));
    }
  }

  private void declareAll(Declared.File file, List<Declared.Message> all)
      throws SchemaTextException {
    for (Declared.Message each : all) {
      Optional<WellKnown> known =
          file.name().equals(WELL_KNOWN) ? WellKnown.of(each.name()) : Optional.empty();
      declare(file.tokens(), each, new MessageType(each.name(), known));
      declare(file.tokens(), each.enumerations());
      declareAll(file, each.messages());
    }
  }

  private MessageType message(Declared.Message declared) {
    if (!(types.get(declared.name()) instanceof MessageType type)) {
      throw new IllegalStateException(declared.name());
    }
    return type;
  }

  private void define(Declared.File file, List<Declared.Message> all) throws SchemaTextException {
    for (Declared.Message each : all) {
      List<ProtoField> fields = new ArrayList<>();
      List<String> oneofs = new ArrayList<>();
      Set<Object> seen = new HashSet<>();
      for (Declared.Field field : each.fields()) {
        if (!seen.add(field.name()) || !seen.add(field.number())) {
          throw file.tokens()
              .wrong(
                  field.at(),
                  "the name '%s' or the number %d is there twice"
                      .formatted(field.name(), field.number()));
        }
        if (!field.oneof().isEmpty() && !oneofs.contains(field.oneof())) {
          oneofs.add(field.oneof());
        }
        fields.add(field(file, each.name(), field, fields.size(), oneofs.indexOf(field.oneof())));
      }
      message(each).link(fields);
      define(file, each.messages());
    }
  }

  private ProtoField field(
      Declared.File file, String scope, Declared.Field field, int index, int oneof)
      throws SchemaTextException {
    ProtoType type = type(file, scope, field, field.type());
    boolean isMessage = type instanceof MessageType;
    if (!field.key().isEmpty()) {
      ProtoType key = type(file, scope, field, field.key());
      if (!(key instanceof ProtoType.Scalar scalar) || !scalar.isKey()) {
        throw file.tokens().wrong(field.at(), "'%s' is no type of keys".formatted(field.key()));
      }
      type = new ProtoType.MapOf(key, type);
    }
    boolean isDelimited =
        isMessage && field.key().isEmpty() && "DELIMITED".equals(feature(file, field, ENCODING));
    return new ProtoField(
        field.name(),
        field.number(),
        index,
        type,
        presence(file, field, isMessage),
        oneof,
        field.isGroup() || isDelimited);
  }

  private static @Nullable String feature(Declared.File file, Declared.Field field, String name) {
    String own = field.options().get(name);
    return own == null ? file.options().get(name) : own;
  }

  private static Presence presence(Declared.File file, Declared.Field field, boolean isMessage) {
    if (!field.key().isEmpty()) {
      return Presence.IMPLICIT;
    }
    if (field.label().equals("repeated")) {
      return Presence.REPEATED;
    }
    if (field.label().equals("required")) {
      return Presence.REQUIRED;
    }
    String feature = feature(file, field, PRESENCE);
    if ("LEGACY_REQUIRED".equals(feature)) {
      return Presence.REQUIRED;
    }
    boolean isTold =
        isMessage
            || !field.oneof().isEmpty()
            || field.label().equals("optional")
            || !(file.syntax().equals("proto3") || "IMPLICIT".equals(feature));
    return isTold ? Presence.EXPLICIT : Presence.IMPLICIT;
  }

  /** Looks a name up: where the field is, and then in what that is in, and so on. */
  private ProtoType type(Declared.File file, String scope, Declared.Field field, String name)
      throws SchemaTextException {
    for (ProtoType.Scalar scalar : ProtoType.Scalar.values()) {
      if (name.equals(scalar.name().toLowerCase(Locale.ROOT))) {
        return scalar;
      }
    }
    if (name.startsWith(".")) {
      ProtoType found = types.get(name.substring(1));
      if (found != null) {
        return found;
      }
    } else {
      for (String in = scope; ; in = in.substring(0, Math.max(0, in.lastIndexOf('.')))) {
        ProtoType found = types.get(in.isEmpty() ? name : in + "." + name);
        if (found != null) {
          return found;
        }
        if (in.isEmpty()) {
          break;
        }
      }
    }
    String reason = "the type '%s' is not known".formatted(name);
    throw file.tokens()
        .wrong(
            field.at(),
            missing.isEmpty()
                ? reason
                : "%s, and these imports are not found: %s"
                    .formatted(reason, String.join(", ", missing)));
  }
}

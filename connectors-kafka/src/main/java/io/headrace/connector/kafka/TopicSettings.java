package io.headrace.connector.kafka;

import io.headrace.connector.SourceSettings;
import io.headrace.connector.staging.FieldType;
import io.headrace.connector.staging.FieldTypes;
import io.headrace.engine.Query.DeclaredColumn;
import io.headrace.engine.Sifting;
import io.headrace.error.HeadraceException;
import io.headrace.error.NearestWord;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Which messages a source is, and which columns they have.
 *
 * @param fields that are columns; none if messages are text
 * @param schema that messages are read as
 * @param message the name of their type, if the source says it
 * @param keepsRaw whether good messages have their text beside their fields, because a rule may
 *     reject them
 */
record TopicSettings(
    String topic,
    Format format,
    Start start,
    List<Field> fields,
    Optional<MessageSchema> schema,
    Optional<String> message,
    boolean keepsRaw) {
  private static final List<DeclaredColumn> FIRST =
      List.of(
          new DeclaredColumn("partition", "INTEGER"),
          new DeclaredColumn("offset", "BIGINT"),
          new DeclaredColumn("timestamp", "TIMESTAMPTZ"),
          new DeclaredColumn("key", "VARCHAR"),
          new DeclaredColumn("headers", "VARCHAR"));
  private static final Pattern OFFSET = Pattern.compile("\\d{1,18}");
  private static final Pattern OFFSETS =
      Pattern.compile("\\d{1,9}:\\d{1,18}(,\\d{1,9}:\\d{1,18})*");
  private static final DeclaredColumn TEXT = new DeclaredColumn("value", "VARCHAR");
  private static final List<DeclaredColumn> LAST =
      List.of(
          new DeclaredColumn("(topic)", "VARCHAR"),
          new DeclaredColumn("(raw)", "VARCHAR"),
          new DeclaredColumn(Sifting.ERROR, "VARCHAR"));

  TopicSettings {
    fields = List.copyOf(fields);
  }

  /** What messages are. */
  enum Format {
    JSON,
    TEXT,
    AVRO,
    PROTOBUF;

    private static Format of(String text) {
      return switch (text) {
        case "text" -> TEXT;
        case "avro" -> AVRO;
        case "protobuf" -> PROTOBUF;
        default -> JSON;
      };
    }

    /** Whether no message is meant to be read as text. */
    boolean isBinary() {
      return this == AVRO || this == PROTOBUF;
    }
  }

  /** Where a partition begins that was never read. */
  sealed interface Start {
    /** At the oldest message that there is. */
    record Earliest() implements Start {}

    /** Behind the newest one. */
    record Latest() implements Start {}

    /** At the first one of that time or later. */
    record At(long epochMillis) implements Start {}

    /** At the same offset in each partition. */
    record Offset(long offset) implements Start {}

    /** At an offset by partition; the others begin at their oldest messages. */
    record Offsets(SortedMap<Integer, Long> offsets) implements Start {
      public Offsets {
        offsets = Collections.unmodifiableSortedMap(new TreeMap<>(offsets));
      }
    }
  }

  /**
   * What a source says.
   *
   * @throws HeadraceException if something in it has no meaning
   */
  static TopicSettings of(SourceSettings settings) {
    String topic = settings.settings().getOrDefault("topic", "");
    Format format = Format.of(settings.settings().getOrDefault("format", "json"));
    Optional<MessageSchema> schema = SchemaTexts.of(topic, format, settings.settings());
    List<DeclaredColumn> declared =
        settings.columns().isEmpty()
            ? schema.map(MessageSchema::columns).orElse(List.of())
            : settings.columns();
    if ((format == Format.TEXT) != declared.isEmpty()) {
      throw new HeadraceException(
          declared.isEmpty()
              ? "The source of the topic '%s' has no `columns`".formatted(topic)
              : "The source of the topic '%s' has `columns`, and its messages are text"
                  .formatted(topic),
          declared.isEmpty()
              ? "Name fields of the messages and their types: `columns: {id: BIGINT}`, or say `format: text`"
              : "Leave them out, or say `format: json`");
    }
    List<Field> fields = new ArrayList<>();
    for (DeclaredColumn column : declared) {
      requireFree(column);
      schema.ifPresent(known -> requireField(known, column.name()));
      fields.add(new Field(column.name(), column.type(), FieldTypes.of(column)));
    }
    return new TopicSettings(
        topic,
        format,
        start(settings.settings().getOrDefault("start", "earliest")),
        fields,
        schema,
        SchemaTexts.message(settings.settings()),
        settings.settings().containsKey("raw"));
  }

  /** A field that no message can have would be null for ever. */
  private static void requireField(MessageSchema schema, String name) {
    List<String> names = schema.columns().stream().map(DeclaredColumn::name).toList();
    if (!names.contains(name)) {
      throw new HeadraceException(
          "The schema '%s' has no field '%s'".formatted(schema.name(), name),
          NearestWord.hint(name, names, "Leave it out of `columns`, or add it to the `schema`"));
    }
  }

  private static void requireFree(DeclaredColumn column) {
    boolean isTaken =
        FIRST.stream().anyMatch(own -> own.name().equals(column.name().toLowerCase(Locale.ROOT)));
    if (isTaken) {
      throw new HeadraceException(
          "A field of the messages has the name '%s', which is a column of every topic"
              .formatted(column.name()),
          "Leave it out of `columns`; of JSON, say `format: text`, and take the field in a query:"
              + " `value ->> '%s'`".formatted(column.name()));
    }
  }

  private static Start start(String text) {
    if (OFFSETS.matcher(text).matches()) {
      return new Start.Offsets(offsets(text));
    }
    if (OFFSET.matcher(text).matches()) {
      return new Start.Offset(Long.parseLong(text));
    }
    return switch (text) {
      case "earliest" -> new Start.Earliest();
      case "latest" -> new Start.Latest();
      default ->
          new Start.At(
              time(text)
                  .orElseThrow(
                      () ->
                          new HeadraceException(
                              "Cannot read `start: %s`".formatted(text),
                              "Write earliest, latest, a time with its zone, such as"
                                  + " 2026-01-31T12:00:00Z or 2026-01-31, an offset, or an"
                                  + " offset by partition: `{offsets: {0: 100}}`")));
    };
  }

  private static SortedMap<Integer, Long> offsets(String text) {
    SortedMap<Integer, Long> offsets = new TreeMap<>();
    for (String each : text.split(",", -1)) {
      int colon = each.indexOf(':');
      offsets.put(
          Integer.parseInt(each.substring(0, colon)), Long.parseLong(each.substring(colon + 1)));
    }
    return offsets;
  }

  private static OptionalLong time(String text) {
    try {
      return OptionalLong.of(
          (text.length() == 10
                  ? LocalDate.parse(text).atStartOfDay().atOffset(ZoneOffset.UTC)
                  : OffsetDateTime.parse(text.replace(' ', 'T')))
              .toInstant()
              .toEpochMilli());
    } catch (DateTimeParseException e) {
      return OptionalLong.empty();
    }
  }

  /** All columns of the rows, those of good messages first. */
  List<DeclaredColumn> columns() {
    List<DeclaredColumn> columns = new ArrayList<>(FIRST);
    if (format == Format.TEXT) {
      columns.add(TEXT);
    } else {
      fields.forEach(field -> columns.add(new DeclaredColumn(field.name(), field.declared())));
    }
    columns.addAll(LAST);
    return columns;
  }

  /**
   * A field of the messages that is a column.
   *
   * @param declared its type, as the project has it
   */
  record Field(String name, String declared, FieldType type) {
    private static final int MOST_SHOWN = 100;

    /** Why a value cannot be taken. */
    String unfit(String text) {
      String shown = text.length() > MOST_SHOWN ? text.substring(0, MOST_SHOWN) + "..." : text;
      return "field '%s': '%s' is not exactly a value of type %s".formatted(name, shown, declared);
    }
  }
}

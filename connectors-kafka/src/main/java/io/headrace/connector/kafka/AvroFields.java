package io.headrace.connector.kafka;

import io.headrace.connector.kafka.TopicSettings.Field;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.io.ResolvingDecoder;
import org.jspecify.annotations.Nullable;

/** Takes the fields of records of Avro, one message after the other. Not for several threads. */
final class AvroFields implements MessageFields {
  private final List<Field> fields;
  private final Optional<Schema> schema;
  private final Optional<SchemaRegistry<Schema>> registry;
  private final Map<Schema, RecordReader> readers = new HashMap<>();
  private final @Nullable String[] texts;

  /**
   * @param schema that messages are read as; without a registry, the one that they were written
   *     with
   */
  AvroFields(
      List<Field> fields, Optional<Schema> schema, Optional<SchemaRegistry<Schema>> registry) {
    this.fields = List.copyOf(fields);
    this.schema = schema;
    this.registry = registry;
    this.texts = new @Nullable String[fields.size()];
  }

  @Override
  public @Nullable String read(byte[] message) {
    Arrays.fill(texts, null);
    if (registry.isEmpty()) {
      return read(schema.orElseThrow(), message, 0);
    }
    if (!SchemaRegistry.isWrittenWith(message)) {
      return SchemaRegistry.NOT_WRITTEN_WITH;
    }
    Schema writer = registry.get().schema(SchemaRegistry.id(message));
    return read(writer, message, SchemaRegistry.HEADER_BYTES);
  }

  // The library throws exceptions of many kinds at what is not Avro.
  private @Nullable String read(Schema writer, byte[] message, int from) {
    try {
      BoundedDecoder decoder = new BoundedDecoder(message, from);
      RecordReader reader =
          readers.computeIfAbsent(writer, w -> new RecordReader(w, schema.orElse(w)));
      Object value = reader.read(null, decoder);
      if (!(value instanceof IndexedRecord values)) {
        return "no record";
      }
      return decoder.rest() > 0
          ? "not Avro of its schema: %d bytes follow".formatted(decoder.rest())
          : fields(values);
    } catch (IOException | RuntimeException e) {
      String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      return "not Avro of its schema: " + reason.lines().findFirst().orElse("");
    }
  }

  private @Nullable String fields(IndexedRecord values) throws IOException {
    String error = null;
    for (int i = 0; i < fields.size(); i++) {
      Schema.Field field = values.getSchema().getField(fields.get(i).name());
      Object value = field == null ? null : values.get(field.pos());
      if (field != null && value != null) {
        String wrong = field(i, AvroValues.of(field.schema(), value), value);
        error = error == null ? wrong : error;
      }
    }
    return error;
  }

  private @Nullable String field(int index, Schema of, Object value) throws IOException {
    Field field = fields.get(index);
    boolean takesAny = field.type().isQuoted();
    if (AvroValues.isNested(of)) {
      String json = takesAny ? AvroValues.json(of, value) : "...";
      texts[index] = takesAny ? json : null;
      return takesAny ? null : field.unfit(json);
    }
    AvroValues.Scalar scalar = new AvroValues.Scalar(of, value, !takesAny);
    String text = field.type().text(scalar);
    if (text == null || !MessageText.isWhole(text)) {
      return field.unfit(scalar.text());
    }
    texts[index] = text;
    return null;
  }

  @Override
  public @Nullable String text(int field) {
    return texts[field];
  }

  /** Values without conversions, maps in the order of the message, and records in bounded depth. */
  private static final class RecordReader extends GenericDatumReader<Object> {
    private static final int MOST_DEPTH = 200;

    private int depth;

    RecordReader(Schema writer, Schema reader) {
      super(writer, reader, bare());
    }

    /** Without conversions, and read by the methods below and not by others that are faster. */
    private static GenericData bare() {
      GenericData data = new GenericData();
      data.setFastReaderEnabled(false);
      return data;
    }

    @Override
    protected Object readRecord(@Nullable Object old, Schema expected, ResolvingDecoder in)
        throws IOException {
      if (depth == MOST_DEPTH) {
        throw new IOException("records are in each other more than %d times".formatted(depth));
      }
      depth++;
      try {
        return super.readRecord(old, expected, in);
      } finally {
        depth--;
      }
    }

    @Override
    protected Object newMap(@Nullable Object old, int size) {
      return new LinkedHashMap<>();
    }
  }
}

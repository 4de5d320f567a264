package io.headrace.connector.kafka;

import io.headrace.connector.kafka.protobuf.ProtoSchema;
import java.io.IOException;
import java.util.List;
import java.util.SortedMap;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;

/**
 * Schemas of a kind that a registry has.
 *
 * @param type what registries call it
 * @param named what it is called in errors
 */
record RegisteredKind<S>(String type, String named, Parsing<S> parsing) {
  static final RegisteredKind<Schema> AVRO =
      new RegisteredKind<>("AVRO", "schema of Avro", (text, byName, texts) -> avro(text, texts));
  static final RegisteredKind<ProtoSchema> PROTOBUF =
      new RegisteredKind<>(
          "PROTOBUF",
          "schema of Protocol Buffers",
          (text, byName, texts) -> ProtoSchema.parse(text, byName));

  /** Reads the text of a schema. */
  interface Parsing<S> {
    /**
     * Reads it.
     *
     * @param byName what it names, and what those name, by name
     * @param texts the same, each behind those that it names
     * @throws IOException if it is no schema of the kind
     */
    S of(String text, SortedMap<String, String> byName, List<String> texts) throws IOException;
  }

  private static Schema avro(String text, List<String> texts) throws IOException {
    try {
      Schema.Parser parser = new Schema.Parser();
      for (String each : texts) {
        Schema unused = parser.parse(each);
      }
      return parser.parse(text);
    } catch (AvroRuntimeException e) {
      throw new IOException(e.getMessage(), e);
    }
  }
}

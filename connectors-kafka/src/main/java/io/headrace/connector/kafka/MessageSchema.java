package io.headrace.connector.kafka;

import io.headrace.connector.kafka.protobuf.MessageType;
import io.headrace.engine.Query.DeclaredColumn;
import java.util.List;
import org.apache.avro.Schema;

/** What messages are read as, if the project says so. */
sealed interface MessageSchema {
  /** Its full name. */
  String name();

  /** Columns that hold all values of its fields. */
  List<DeclaredColumn> columns();

  /** A record of Avro. */
  record Avro(Schema schema) implements MessageSchema {
    @Override
    public String name() {
      return schema.getFullName();
    }

    @Override
    public List<DeclaredColumn> columns() {
      return schema.getFields().stream()
          .map(field -> new DeclaredColumn(field.name(), AvroValues.declared(field.schema())))
          .toList();
    }
  }

  /** A message of Protocol Buffers. */
  record Protobuf(MessageType type) implements MessageSchema {
    @Override
    public String name() {
      return type.name();
    }

    @Override
    public List<DeclaredColumn> columns() {
      return type.columns();
    }
  }
}

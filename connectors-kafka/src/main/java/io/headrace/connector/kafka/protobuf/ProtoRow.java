package io.headrace.connector.kafka.protobuf;

import io.headrace.connector.staging.FieldValue;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The fields of a message as values of documents. Used by one thread. */
public final class ProtoRow {
  private final ProtoMessage message;
  private final ProtoJson json;

  /**
   * @param length of the message in bytes
   */
  ProtoRow(ProtoMessage message, int length) {
    this.message = message;
    this.json = new ProtoJson(length);
  }

  /**
   * The value of a field, or null if there is none. Lists, maps and messages are their JSON.
   *
   * @param isWidened whether a float is written such that a double of that text is the same number
   * @throws IOException if it is none that its type may have
   */
  public @Nullable FieldValue value(String name, boolean isWidened) throws IOException {
    ProtoField field = message.type().field(name);
    Object value = field == null ? null : message.value(field);
    if (field == null || value == null) {
      return null;
    }
    return ProtoValue.isNested(field)
        ? new Text(json.text(field, value))
        : ProtoValue.of(field.type(), value, isWidened);
  }

  private record Text(String text) implements FieldValue {
    @Override
    public boolean isText() {
      return true;
    }
  }
}

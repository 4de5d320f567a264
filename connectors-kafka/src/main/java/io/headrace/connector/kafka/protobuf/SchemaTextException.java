package io.headrace.connector.kafka.protobuf;

import java.io.IOException;

/** A text that is no schema. The message says where, and why. */
public final class SchemaTextException extends IOException {
  private static final long serialVersionUID = 1;

  /**
   * @param file that is imported, or empty if it is the schema itself
   */
  SchemaTextException(String file, int line, int column, String reason) {
    super("%s%d:%d: %s".formatted(file.isEmpty() ? "" : file + ":", line, column, reason));
  }

  SchemaTextException(String reason) {
    super(reason);
  }
}

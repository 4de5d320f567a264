package io.headrace.connector.http;

import io.headrace.connector.staging.FieldType;
import io.headrace.engine.Query.DeclaredColumn;
import java.util.List;

/**
 * A column, and where its values are in an object.
 *
 * @param up how many objects further out: 0 is the row itself, 1 the one whose list it is in
 * @param names which lead to the value
 */
record Field(DeclaredColumn column, FieldType type, int up, List<String> names) {
  Field {
    names = List.copyOf(names);
  }

  /** The value as it stands in messages. */
  String path() {
    return "^.".repeat(up) + String.join(".", names);
  }
}

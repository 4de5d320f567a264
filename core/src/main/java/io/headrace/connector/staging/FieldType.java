package io.headrace.connector.staging;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * How a value of a document, such as one of JSON, becomes text that the engine reads as the same
 * value of a type. What comes out is always readable: a value that the engine refused would take
 * the rows beside it along.
 */
public interface FieldType {
  /** The text of a value, or null if it is no value of the type. */
  @Nullable String text(FieldValue value) throws IOException;

  /** Whether its texts may have any characters in them, so that they need quotes. */
  default boolean isQuoted() {
    return false;
  }
}

package io.headrace.connector.kafka;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * How a value of JSON becomes text that the engine reads as the same value of a type. What comes
 * out is always readable: a value that the engine refused would take the messages beside it along.
 */
interface FieldType {
  /**
   * The text of the current value, which is a scalar, or null if it is no value of the type.
   *
   * @param token the parser's current one, and never JSON's null
   */
  @Nullable String text(JsonParser parser, JsonToken token) throws IOException;

  /** Whether its texts may have any characters in them, so that they need quotes. */
  default boolean isQuoted() {
    return false;
  }
}

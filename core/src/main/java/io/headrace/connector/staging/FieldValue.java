package io.headrace.connector.staging;

import java.io.IOException;

/** A value of a document: a text, a number, or true or false. Never JSON's null. */
public interface FieldValue {
  /** Whether the document has it as text, and not as a number, true or false. */
  boolean isText();

  /** The text, or how the document writes what is no text. */
  String text() throws IOException;

  /** Whether it is a whole number that {@link #wholeNumber} has without its text being read. */
  default boolean isWholeNumber() throws IOException {
    return false;
  }

  /**
   * The number.
   *
   * @throws IllegalStateException if it {@linkplain #isWholeNumber is none}
   */
  default long wholeNumber() throws IOException {
    throw new IllegalStateException("No whole number");
  }
}

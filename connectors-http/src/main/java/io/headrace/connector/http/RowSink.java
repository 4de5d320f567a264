package io.headrace.connector.http;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Takes rows as they are read. */
@FunctionalInterface
interface RowSink {
  /**
   * Takes a row.
   *
   * @param texts of its columns, or null; only until this returns
   * @throws InvalidAnswerException if it cannot be taken
   */
  void add(@Nullable String[] texts) throws IOException;
}

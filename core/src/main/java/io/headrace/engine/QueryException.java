package io.headrace.engine;

import io.headrace.error.HeadraceException;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** A query that is wrong, or that failed on the data it met. */
public final class QueryException extends HeadraceException {
  private static final long serialVersionUID = 1L;

  private final int offset;
  private final boolean outOfMemory;

  /**
   * @param offset where in the statement, in characters from its start, or negative if the engine
   *     does not know
   * @param outOfMemory whether the engine could not hold what the query needs beside all else
   */
  public QueryException(
      String message, String hint, int offset, boolean outOfMemory, @Nullable Throwable cause) {
    super(message, hint, cause);
    this.offset = offset;
    this.outOfMemory = outOfMemory;
  }

  /** A query that is wrong in itself, whatever the data. */
  public QueryException(String message, String hint) {
    this(message, hint, -1, false, null);
  }

  /** Where in the statement, in characters from its start. */
  public OptionalInt offset() {
    return offset < 0 ? OptionalInt.empty() : OptionalInt.of(offset);
  }

  /** Whether the same query could succeed where it has the memory to itself. */
  public boolean isOutOfMemory() {
    return outOfMemory;
  }
}

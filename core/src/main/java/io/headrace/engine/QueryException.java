package io.headrace.engine;

import io.headrace.error.HeadraceException;
import java.util.OptionalInt;

/** A query that is wrong, or that failed on the data it met. */
public final class QueryException extends HeadraceException {
  private static final long serialVersionUID = 1L;

  private final int offset;
  private final boolean transientFailure;

  /**
   * @param offset where in the statement, in characters from its start, or negative if the engine
   *     does not know
   * @param transientFailure whether the same query could succeed later: out of memory, an I/O error
   */
  public QueryException(
      String message, String hint, int offset, boolean transientFailure, Throwable cause) {
    super(message, hint, cause);
    this.offset = offset;
    this.transientFailure = transientFailure;
  }

  /** Where in the statement, in characters from its start. */
  public OptionalInt offset() {
    return offset < 0 ? OptionalInt.empty() : OptionalInt.of(offset);
  }

  /** Whether the same query could succeed later. */
  public boolean isTransient() {
    return transientFailure;
  }
}

package io.headrace.engine;

import io.headrace.error.HeadraceException;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

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
      String message,
      String hint,
      int offset,
      boolean transientFailure,
      @Nullable Throwable cause) {
    super(message, hint, cause);
    this.offset = offset;
    this.transientFailure = transientFailure;
  }

  /** A query that is wrong in itself, whatever the data. */
  public QueryException(String message, String hint) {
    this(message, hint, -1, false, null);
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

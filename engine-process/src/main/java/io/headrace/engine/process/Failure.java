package io.headrace.engine.process;

import io.headrace.engine.CancelledException;
import io.headrace.engine.QueryException;
import io.headrace.error.HeadraceException;

/**
 * Why a call failed in the other process.
 *
 * @param offset as of {@link QueryException}; negative if there is none
 */
record Failure(Kind kind, String message, String hint, int offset, boolean outOfMemory) {

  enum Kind {
    CANCELLED,
    QUERY,
    OTHER,
    ARGUMENT,
    DEFECT
  }

  private Failure(Kind kind, String message, String hint) {
    this(kind, message, hint, -1, false);
  }

  static Failure of(Throwable thrown) {
    String message = String.valueOf(thrown.getMessage());
    if (thrown instanceof CancelledException) {
      return new Failure(Kind.CANCELLED, message, "");
    }
    if (thrown instanceof QueryException query) {
      int offset = query.offset().orElse(-1);
      return new Failure(Kind.QUERY, message, query.hint(), offset, query.isOutOfMemory());
    }
    if (thrown instanceof HeadraceException failure) {
      return new Failure(Kind.OTHER, message, failure.hint());
    }
    if (thrown instanceof OutOfMemoryError) {
      String hint = "Give its table more memory, or the query less to do";
      return new Failure(Kind.OTHER, "it does not fit into the memory of its process", hint);
    }
    return thrown instanceof IllegalArgumentException
        ? new Failure(Kind.ARGUMENT, message, "")
        : new Failure(Kind.DEFECT, thrown.toString(), "");
  }

  /** The same failure, in this process. */
  RuntimeException exception() {
    return switch (kind) {
      case CANCELLED -> new CancelledException(message);
      case QUERY -> new QueryException(message, hint, offset, outOfMemory, null);
      case OTHER -> new HeadraceException(message, hint);
      case ARGUMENT -> new IllegalArgumentException(message);
      case DEFECT -> new IllegalStateException(message);
    };
  }
}

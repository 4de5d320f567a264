package io.headrace.graph;

import io.headrace.engine.QueryException;
import io.headrace.error.HeadraceException;
import io.headrace.error.Location;

/** Says where in the project a failure of a task comes from. */
public final class Failures {
  private Failures() {}

  /** The message of a failure, with the file before it, and the place in it where that is known. */
  public static String message(Node node, HeadraceException failure) {
    boolean isPlaced = failure instanceof QueryException query && query.offset().isPresent();
    Location place =
        isPlaced
            ? Places.of(node, ((QueryException) failure).offset().getAsInt())
            : Places.start(node);
    return place + ": " + failure.getMessage();
  }
}

package io.headrace.graph;

import io.headrace.engine.QueryException;
import io.headrace.error.HeadraceException;
import io.headrace.error.Location;
import io.headrace.error.PlacedException;

/** Says where in the project a failure of a task comes from. */
public final class Failures {
  private Failures() {}

  /** The message of a failure, with the file before it, and the place in it where that is known. */
  public static String message(Node node, HeadraceException failure) {
    return place(node, failure) + ": " + failure.getMessage();
  }

  /** Where in the project a failure comes from. */
  public static Location place(Node node, HeadraceException failure) {
    if (failure instanceof PlacedException placed) {
      return placed.at();
    }
    return failure instanceof QueryException query && query.offset().isPresent()
        ? Places.of(node, query.offset().getAsInt())
        : Places.start(node);
  }
}

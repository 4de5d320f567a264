package io.headrace.server.route;

import io.headrace.error.ConflictException;
import io.headrace.error.HeadraceException;
import io.headrace.error.OutcomeUnknownException;
import io.headrace.error.UnavailableException;
import io.headrace.error.UsageException;
import io.javalin.http.HttpStatus;

/** Which status of HTTP tells of which error. */
public final class Statuses {
  private Statuses() {}

  public static int of(HeadraceException e) {
    return status(e).getCode();
  }

  private static HttpStatus status(HeadraceException e) {
    if (e instanceof UsageException) {
      return HttpStatus.BAD_REQUEST;
    }
    if (e instanceof ConflictException) {
      return HttpStatus.CONFLICT;
    }
    if (e instanceof UnavailableException) {
      return HttpStatus.SERVICE_UNAVAILABLE;
    }
    if (e instanceof OutcomeUnknownException) {
      // Not 503, after which clients send the same again: it may have been done.
      return HttpStatus.INTERNAL_SERVER_ERROR;
    }
    return HttpStatus.UNPROCESSABLE_CONTENT;
  }
}

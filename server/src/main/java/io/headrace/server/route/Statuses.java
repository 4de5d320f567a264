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
    HttpStatus status =
        e instanceof UsageException
            ? HttpStatus.BAD_REQUEST
            : e instanceof ConflictException
                ? HttpStatus.CONFLICT
                : e instanceof UnavailableException
                    ? HttpStatus.SERVICE_UNAVAILABLE
                    // Not 503, after which clients send the same again: it may have been done.
                    : e instanceof OutcomeUnknownException
                        ? HttpStatus.INTERNAL_SERVER_ERROR
                        : HttpStatus.UNPROCESSABLE_CONTENT;
    return status.getCode();
  }
}

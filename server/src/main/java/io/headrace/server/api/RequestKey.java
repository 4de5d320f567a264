package io.headrace.server.api;

import io.headrace.error.UsageException;
import io.javalin.http.Context;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The name that a client gives to a request, so that it can send it again when it heard nothing:
 * what was begun once is not begun again.
 */
final class RequestKey {
  static final String HEADER = "Idempotency-Key";

  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_.-]{1,64}");

  private RequestKey() {}

  /**
   * The key of a request, if it has one.
   *
   * @throws UsageException if it is none that can be part of a path
   */
  static Optional<String> of(Context context) {
    Optional<String> key = Optional.ofNullable(context.header(HEADER));
    if (key.isPresent() && !FORM.matcher(key.get()).matches()) {
      throw new UsageException(
          "Invalid " + HEADER, "Give 1 to 64 letters, digits, '-', '_' or '.', such as a UUID");
    }
    return key;
  }
}

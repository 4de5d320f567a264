package io.headrace.connector.http;

import java.net.URI;
import java.nio.charset.Charset;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What an API answered, but for the body.
 *
 * @param uri who answered, behind redirects
 * @param contentType without parameters, in lower case; empty if none is said
 * @param charset of the body
 * @param links values of the header {@code Link}
 * @param tag tells this state of the thing from all others; empty if it has no strong one
 * @param date when the API says that it is
 * @param retryAfter when to ask again, as the header has it
 * @param location where to ask instead
 * @param isMeasured whether a body that was cut short would have shown
 * @param excerpt the beginning of the body if the status is not one of success
 */
record Answer(
    URI uri,
    int status,
    String contentType,
    Charset charset,
    List<String> links,
    Optional<String> tag,
    Optional<Instant> date,
    Optional<String> retryAfter,
    Optional<String> location,
    boolean isMeasured,
    String excerpt) {
  Answer {
    links = List.copyOf(links);
  }

  /** Whether what was sent was taken. A status of several (207) may hide that some was not. */
  boolean isSuccess() {
    return status == 200 || status == 201 || status == 202 || status == 204;
  }

  boolean isRedirect() {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
  }
}

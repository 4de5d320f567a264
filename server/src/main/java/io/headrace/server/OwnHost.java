package io.headrace.server;

import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import java.net.URI;
import java.util.Optional;
import java.util.Set;

/**
 * Refuses what a browser sends for a page of somebody else. Such a page can make a browser of this
 * machine send requests to loopback addresses, but it cannot make it name another host than its
 * own, or hide where it comes from.
 */
final class OwnHost {
  static final String LOOPBACK = "127.0.0.1";

  private static final Set<String> OWN_NAMES = Set.of(LOOPBACK, "localhost", "[::1]");

  private OwnHost() {}

  /** Answers 403 unless the request is meant for this machine, and comes from a page of it. */
  static void require(Context context) {
    String host = Optional.ofNullable(context.host()).orElse("").replaceFirst(":\\d+$", "");
    Optional<String> origin = Optional.ofNullable(context.header("Origin"));
    if (!OWN_NAMES.contains(host) || origin.filter(o -> !isOwn(o)).isPresent()) {
      throw new HttpResponseException(403, "Only programs of this machine may ask");
    }
  }

  private static boolean isOwn(String origin) {
    try {
      return OWN_NAMES.contains(String.valueOf(URI.create(origin).getHost()));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}

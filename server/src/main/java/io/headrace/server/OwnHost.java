package io.headrace.server;

import io.headrace.server.access.Doorway;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Refuses what a browser sends for a page of somebody else. Such a page can make a browser send
 * requests to any address, but it cannot make it name another host than that, or hide where the
 * page comes from.
 */
final class OwnHost {
  static final String LOOPBACK = "127.0.0.1";

  private OwnHost() {}

  /** Answers 403 unless the request is meant for this server, and comes from a page of it. */
  static void require(Context context, Doorway doorway) {
    String asked = doorway.host(context).toLowerCase(Locale.ROOT);
    Optional<String> origin = Optional.ofNullable(context.header("Origin"));
    boolean isMeant = doorway.names().contains(asked.replaceFirst(":\\d+$", ""));
    if (!isMeant || origin.filter(o -> !o.equals(doorway.address(context))).isPresent()) {
      throw new HttpResponseException(
          403,
          doorway.equals(Doorway.LOOPBACK)
              ? "Only programs of this machine may ask"
              : "That is not meant for this server, or comes from a page of somebody else",
          Map.of());
    }
  }
}

package io.headrace.server;

import io.headrace.error.HeadraceException;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import java.net.URI;
import java.util.Optional;
import java.util.Set;

/**
 * Takes events for topics at {@code POST /topics/NAME}, and nothing else. For programs of this
 * machine: it listens on the loopback interface, and refuses what the browser sends for a page of
 * somebody else. Safe for many threads.
 */
public final class WebhookServer implements AutoCloseable {
  /** The largest body, in bytes: Kafka's own limit for a message, by default. */
  static final int MOST_BYTES = 1_000_000;

  private static final String LOOPBACK = "127.0.0.1";
  private static final Set<String> OWN_NAMES = Set.of(LOOPBACK, "localhost", "[::1]");

  private final Javalin server;

  private WebhookServer(Javalin server) {
    this.server = server;
  }

  /**
   * Starts to listen.
   *
   * @param port or 0 for any that is free
   * @throws HeadraceException if the port is taken
   */
  public static WebhookServer start(int port, TopicEndpoint topics) {
    Javalin server = Javalin.create(config -> configure(config, port, topics));
    try {
      return new WebhookServer(server.start());
    } catch (RuntimeException e) {
      server.stop();
      throw new HeadraceException(
          "Cannot listen on port %d: %s".formatted(port, reason(e)),
          "Name another one: `--port 0` takes one that is free");
    }
  }

  private static void configure(JavalinConfig config, int port, TopicEndpoint topics) {
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.http.maxRequestSize = MOST_BYTES;
    config.http.prefer405over404 = true;
    config.jetty.host = LOOPBACK;
    config.jetty.port = port;
    config.routes.before(WebhookServer::requireOwnHost);
    config.routes.post(TopicEndpoint.PATH, topics);
    config.routes.exception(
        HttpResponseException.class,
        (e, context) -> Answers.refuse(context, e.getStatus(), words(e), hint(e)));
  }

  /** Somebody else's page can make a browser send requests here, but not without these. */
  private static void requireOwnHost(Context context) {
    String host = Optional.ofNullable(context.host()).orElse("").replaceFirst(":\\d+$", "");
    Optional<String> origin = Optional.ofNullable(context.header("Origin"));
    if (!OWN_NAMES.contains(host) || origin.filter(o -> !isOwn(o)).isPresent()) {
      throw new HttpResponseException(403, "Only programs of this machine may send events");
    }
  }

  private static boolean isOwn(String origin) {
    try {
      return OWN_NAMES.contains(String.valueOf(URI.create(origin).getHost()));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static String words(HttpResponseException e) {
    return switch (e.getStatus()) {
      case 404 -> "There is nothing here";
      case 405 -> "Events are sent with POST";
      case 413 -> "The body has more than %,d bytes".formatted(MOST_BYTES);
      default -> String.valueOf(e.getMessage());
    };
  }

  private static String hint(HttpResponseException e) {
    return switch (e.getStatus()) {
      case 403 -> "Send it from a program, to 127.0.0.1 or localhost";
      case 413 -> "Send fewer events at a time, or smaller ones";
      default -> "Send `POST /topics/NAME` with the event as the body";
    };
  }

  private static String reason(Throwable e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return String.valueOf(cause.getMessage());
  }

  /** The port that it listens on. */
  public int port() {
    return server.port();
  }

  /** Takes no more requests, and waits for those that are answered just now. */
  @Override
  public void close() {
    server.stop();
  }
}

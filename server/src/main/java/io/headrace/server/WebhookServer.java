package io.headrace.server;

import io.headrace.error.HeadraceException;
import io.headrace.server.json.Answers;
import io.headrace.server.topic.TopicEndpoint;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.HttpResponseException;

/**
 * Takes events for topics at {@code POST /topics/NAME}, and nothing else. For programs of this
 * machine: it listens on the loopback interface, and refuses what the browser sends for a page of
 * somebody else. Safe for many threads.
 */
public final class WebhookServer implements AutoCloseable {
  /** The largest body, in bytes: Kafka's own limit for a message, by default. */
  static final int MOST_BYTES = 1_000_000;

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
    return new WebhookServer(
        Listening.start(Endpoint.loopback(port), e -> {}, config -> configure(config, topics)));
  }

  private static void configure(JavalinConfig config, TopicEndpoint topics) {
    config.http.maxRequestSize = MOST_BYTES;
    config.routes.post(TopicEndpoint.PATH, topics);
    config.routes.exception(
        HttpResponseException.class,
        (e, context) -> Answers.refuse(context, e.getStatus(), words(e), hint(e)));
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

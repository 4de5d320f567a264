package io.headrace.server;

import io.headrace.error.ConflictException;
import io.headrace.error.HeadraceException;
import io.headrace.error.UsageException;
import io.headrace.server.route.Route;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpResponseException;
import io.javalin.http.HttpStatus;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/**
 * Answers to programs and people, on the loopback interface only. Refuses what a browser sends for
 * a page of somebody else. Safe for many threads.
 */
public final class HeadraceServer implements AutoCloseable {
  private static final int MOST_BYTES = 1_000_000;
  private static final Set<HandlerType> READING = Set.of(HandlerType.GET, HandlerType.HEAD);

  private final Javalin server;

  private HeadraceServer(Javalin server) {
    this.server = server;
  }

  /**
   * Starts to answer.
   *
   * @param port or 0 for any that is free
   * @throws HeadraceException if the port is taken
   */
  public static HeadraceServer start(int port, List<Route> routes) {
    return new HeadraceServer(Listening.start(port, config -> configure(config, routes)));
  }

  private static void configure(JavalinConfig config, List<Route> routes) {
    config.http.maxRequestSize = MOST_BYTES;
    config.routes.before(HeadraceServer::requireJson);
    config.routes.get("/health/live", context -> context.result("alive"));
    for (Route route : routes) {
      config.routes.addHttpHandler(route.method(), route.path(), route.handler());
    }
    config.routes.exception(
        HttpResponseException.class,
        (e, context) ->
            Answers.refuse(
                context,
                e.getStatus(),
                String.valueOf(e.getMessage()),
                String.valueOf(e.getDetails().getOrDefault("hint", ""))));
    config.routes.exception(HeadraceException.class, HeadraceServer::refuse);
    // The client went away, or sends nonsense; nobody is left to be told.
    config.routes.exception(IOException.class, (e, context) -> {});
  }

  /** A page of somebody else cannot send this type without being asked whether it may. */
  private static void requireJson(Context context) {
    boolean changes = !READING.contains(context.method());
    String type = String.valueOf(context.contentType());
    if (changes && !context.body().isEmpty() && !type.startsWith("application/json")) {
      throw new HttpResponseException(
          HttpStatus.UNSUPPORTED_MEDIA_TYPE.getCode(), "Send JSON, and say so");
    }
  }

  private static void refuse(HeadraceException e, Context context) {
    HttpStatus status =
        e instanceof UsageException
            ? HttpStatus.BAD_REQUEST
            : e instanceof ConflictException
                ? HttpStatus.CONFLICT
                : HttpStatus.UNPROCESSABLE_CONTENT;
    Answers.refuse(context, status.getCode(), String.valueOf(e.getMessage()), e.hint());
  }

  /** The port that it listens on. */
  public int port() {
    return server.port();
  }

  @Override
  public void close() {
    server.stop();
  }
}

package io.headrace.server;

import io.headrace.access.Role;
import io.headrace.error.HeadraceException;
import io.headrace.server.access.Doorway;
import io.headrace.server.access.Gate;
import io.headrace.server.access.Visitor;
import io.headrace.server.iceberg.IcebergCatalog;
import io.headrace.server.json.Answers;
import io.headrace.server.route.Projects;
import io.headrace.server.route.Route;
import io.headrace.server.route.Statuses;
import io.headrace.server.ui.Pages;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpResponseException;
import io.javalin.http.HttpStatus;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Answers to programs and people. Refuses what a browser sends for a page of somebody else, and
 * what the gate does not let pass. Safe for many threads.
 */
public final class HeadraceServer implements AutoCloseable {
  private static final String FORM = "application/x-www-form-urlencoded";
  private static final int MOST_BYTES = 1_000_000;
  private static final Set<HandlerType> READING = Set.of(HandlerType.GET, HandlerType.HEAD);

  /** With it, Javalin takes a request for one of another method. */
  private static final String OTHER_METHOD = "X-HTTP-Method-Override";

  private final Javalin server;

  private HeadraceServer(Javalin server) {
    this.server = server;
  }

  /**
   * Starts to answer to everybody on this machine.
   *
   * @param port or 0 for any that is free
   * @throws HeadraceException if the port is taken
   */
  public static HeadraceServer start(int port, List<Route> routes) {
    return start(
        Endpoint.loopback(port), Gate.open(new Projects(new TreeMap<>())), routes, e -> {});
  }

  /**
   * Starts to answer to those whom a gate lets pass.
   *
   * @param told hears of a new certificate that is of no use
   * @throws HeadraceException if the port is taken, or the certificate is of no use
   */
  public static HeadraceServer start(
      Endpoint endpoint, Gate gate, List<Route> routes, Consumer<HeadraceException> told) {
    return new HeadraceServer(
        Listening.start(
            endpoint, told, config -> configure(config, endpoint.doorway(), gate, routes)));
  }

  private static void configure(
      JavalinConfig config, Doorway doorway, Gate gate, List<Route> routes) {
    config.http.maxRequestSize = MOST_BYTES;
    config.routes.before(context -> harden(context, doorway));
    config.routes.get("/health/live", context -> context.result("alive"));
    for (Route route : routes) {
      Handler guarded = gate.guard(route);
      config.routes.addHttpHandler(
          route.method(),
          route.path(),
          context -> {
            requireType(context, route);
            guarded.handle(context);
          });
    }
    config.routes.exception(HttpResponseException.class, HeadraceServer::refuse);
    config.routes.exception(HeadraceException.class, HeadraceServer::refuse);
    config.routes.exception(IOException.class, HeadraceServer::fail);
  }

  private static void harden(Context context, Doorway doorway) {
    if (context.header(OTHER_METHOD) != null) {
      throw new HttpResponseException(
          HttpStatus.BAD_REQUEST.getCode(), "A request has one method", Map.of());
    }
    context.header("X-Content-Type-Options", "nosniff");
    if (doorway.isEncrypted(context)) {
      context.header("Strict-Transport-Security", "max-age=31536000");
    }
  }

  /**
   * A page of somebody else cannot send JSON without being asked whether it may; where a form is
   * taken, it has something in it that only our pages know.
   */
  private static void requireType(Context context, Route route) {
    boolean changes = !READING.contains(context.method());
    if (changes && context.bodyAsBytes().length > 0) {
      String type = String.valueOf(context.contentType()).toLowerCase(Locale.ROOT);
      switch (route.style()) {
        case PAGE -> require(type.startsWith(FORM), "Send a form");
        case EVENTS ->
            require(
                type.startsWith("application/") && !type.startsWith(FORM),
                "Say of which type the events are, such as application/json");
        default -> require(type.startsWith("application/json"), "Send JSON, and say so");
      }
    }
  }

  private static void require(boolean isTaken, String message) {
    if (!isTaken) {
      throw new HttpResponseException(
          HttpStatus.UNSUPPORTED_MEDIA_TYPE.getCode(), message, Map.of());
    }
  }

  private static void refuse(HttpResponseException e, Context context) {
    if (e.getStatus() == HttpStatus.UNAUTHORIZED.getCode()) {
      context.header("WWW-Authenticate", "Bearer");
    }
    Route.Style style = Gate.routeOf(context).map(Route::style).orElse(Route.Style.API);
    if (style == Route.Style.PAGE) {
      Pages.refuse(context, e);
    } else {
      say(
          context,
          style,
          e.getStatus(),
          String.valueOf(e.getMessage()),
          String.valueOf(e.getDetails().getOrDefault("hint", "")));
    }
  }

  private static void refuse(HeadraceException e, Context context) {
    Route.Style style = Gate.routeOf(context).map(Route::style).orElse(Route.Style.API);
    if (style == Route.Style.PAGE) {
      Pages.fail(context, e);
    } else {
      say(context, style, Statuses.of(e), String.valueOf(e.getMessage()), e.hint());
    }
  }

  /** If the client went away, nobody is left to be told. */
  private static void fail(IOException e, Context context) {
    if (!context.res().isCommitted()) {
      boolean isAdmin =
          Visitor.find(context).filter(visitor -> visitor.rights().may(Role.ADMIN)).isPresent();
      refuse(
          new HttpResponseException(
              HttpStatus.INTERNAL_SERVER_ERROR.getCode(),
              "The server cannot read or write what that is about" + (isAdmin ? ": " + e : ""),
              Map.of("hint", "See whether its disk is full, or files are gone")),
          context);
    }
  }

  private static void say(
      Context context, Route.Style style, int status, String message, String hint) {
    if (style == Route.Style.ICEBERG) {
      IcebergCatalog.refuse(context, status, message);
    } else {
      Answers.refuse(context, status, message, hint);
    }
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

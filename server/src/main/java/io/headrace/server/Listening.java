package io.headrace.server;

import io.headrace.error.HeadraceException;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import java.util.function.Consumer;

/** Starts to listen on the loopback interface, for requests that are meant for it. */
final class Listening {
  private Listening() {}

  /**
   * Starts a server.
   *
   * @param port or 0 for any that is free
   * @param routes adds what it answers to
   * @throws HeadraceException if the port is taken
   */
  static Javalin start(int port, Consumer<JavalinConfig> routes) {
    Javalin server =
        Javalin.create(
            config -> {
              config.startup.showJavalinBanner = false;
              config.startup.showOldJavalinVersionWarning = false;
              config.http.prefer405over404 = true;
              config.jetty.host = OwnHost.LOOPBACK;
              config.jetty.port = port;
              config.routes.before(OwnHost::require);
              routes.accept(config);
            });
    try {
      return server.start();
    } catch (RuntimeException e) {
      server.stop();
      throw new HeadraceException(
          "Cannot listen on port %d: %s".formatted(port, reason(e)),
          "Name another one: `--port 0` takes one that is free");
    }
  }

  private static String reason(Throwable e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return String.valueOf(cause.getMessage());
  }
}

package io.headrace.server;

import io.headrace.error.HeadraceException;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import java.util.Optional;
import java.util.function.Consumer;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** Starts to listen, for requests that are meant for the server. */
final class Listening {
  private Listening() {}

  /**
   * Starts a server.
   *
   * @param told hears of a new certificate that is of no use
   * @param routes adds what it answers to
   * @throws HeadraceException if the port is taken, or the certificate is of no use
   */
  static Javalin start(
      Endpoint endpoint, Consumer<HeadraceException> told, Consumer<JavalinConfig> routes) {
    Optional<SslContextFactory.Server> tls = endpoint.certificate().map(Listening::tls);
    Javalin server =
        Javalin.create(
            config -> {
              config.startup.showJavalinBanner = false;
              config.startup.showOldJavalinVersionWarning = false;
              config.http.prefer405over404 = true;
              config.jetty.host = endpoint.host();
              config.jetty.port = endpoint.port();
              tls.ifPresent(factory -> encrypt(config, endpoint, factory, told));
              config.routes.before(context -> OwnHost.require(context, endpoint.doorway()));
              routes.accept(config);
            });
    try {
      return server.start();
    } catch (RuntimeException e) {
      server.stop();
      throw new HeadraceException(
          "Cannot listen on port %d: %s".formatted(endpoint.port(), reason(e)),
          "Name another one: `--port 0` takes one that is free");
    }
  }

  private static SslContextFactory.Server tls(Certificate certificate) {
    SslContextFactory.Server factory = new SslContextFactory.Server();
    certificate.giveTo(factory);
    return factory;
  }

  private static void encrypt(
      JavalinConfig config,
      Endpoint endpoint,
      SslContextFactory.Server factory,
      Consumer<HeadraceException> told) {
    config.jetty.addConnector(
        (server, http) -> {
          http.addCustomizer(new SecureRequestCustomizer(false));
          ServerConnector connector =
              new ServerConnector(server, factory, new HttpConnectionFactory(http));
          connector.setHost(endpoint.host());
          connector.setPort(endpoint.port());
          endpoint
              .certificate()
              .ifPresent(own -> connector.addBean(new Renewal(own, factory, told)));
          return connector;
        });
  }

  private static String reason(Throwable e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return String.valueOf(cause.getMessage());
  }
}

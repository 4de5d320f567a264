package io.headrace.server;

import io.headrace.access.Accounts;
import io.headrace.access.Tokens.Token;
import io.headrace.access.Users.User;
import io.headrace.catalog.sqlite.SqliteAccounts;
import io.headrace.connector.Secrets;
import io.headrace.error.HeadraceException;
import io.headrace.faults.TestProject;
import io.headrace.server.access.Access;
import io.headrace.server.access.AccessFile;
import io.headrace.server.access.Doorway;
import io.headrace.server.access.Gate;
import io.headrace.server.access.Login;
import io.headrace.server.access.OidcLogin;
import io.headrace.server.access.OwnTokens;
import io.headrace.server.access.Passwords;
import io.headrace.server.access.Secret;
import io.headrace.server.api.AccessRoutes;
import io.headrace.server.api.Api;
import io.headrace.server.command.CommandDesk;
import io.headrace.server.iceberg.IcebergCatalog;
import io.headrace.server.monitor.Metrics;
import io.headrace.server.monitor.Readiness;
import io.headrace.server.route.Projects;
import io.headrace.server.route.Route;
import io.headrace.server.ui.LoginPages;
import io.headrace.server.ui.TokenPages;
import io.headrace.server.ui.Ui;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** A project {@code shop} on a server that asks who that is. Each name has a token. */
final class AccessSite implements AutoCloseable {
  static final String PASSWORD = "gravel-orbit-lantern-7";

  private final HttpClient client = HttpClient.newHttpClient();
  private final Map<String, String> tokens = new HashMap<>();
  private final List<HeadraceException> told = Collections.synchronizedList(new ArrayList<>());
  private final Path folder;
  private final MovableClock clock;
  private final Serving serving;
  private final Accounts accounts;
  private final List<Route> routes;
  private final HeadraceServer server;

  /**
   * @param rules what access.yaml says
   * @param change makes other routes of those that there are
   */
  AccessSite(
      TestProject project,
      Path folder,
      MovableClock clock,
      String rules,
      Doorway doorway,
      UnaryOperator<Route> change) {
    this.folder = folder;
    this.clock = clock;
    this.serving = Serving.withoutSchedules(project);
    this.accounts = SqliteAccounts.open(folder);
    say(rules);
    Projects projects = Site.projects(serving.project());
    Access access = new Access(AccessFile.open(folder, told::add), accounts, doorway, clock);
    this.routes = all(projects, access).stream().map(change).toList();
    this.server =
        HeadraceServer.start(
            new Endpoint("127.0.0.1", 0, doorway, Optional.empty()),
            Gate.of(projects, access),
            routes,
            told::add);
  }

  /** All routes that a server has which asks who that is. */
  private static List<Route> all(Projects projects, Access access) {
    CommandDesk commands = EchoCommands.desk();
    List<Route> routes =
        new ArrayList<>(Api.routes(projects, commands, AccessRoutes.routes(() -> access)));
    routes.addAll(IcebergCatalog.routes(projects));
    routes.addAll(new Ui(projects, ZoneOffset.UTC, commands.reading()).routes());
    Login login = new Login(access);
    Secrets secrets = new Secrets(access.file().folder(), name -> null);
    routes.addAll(LoginPages.routes(login, new OidcLogin(access, login, secrets)));
    routes.addAll(TokenPages.routes(new OwnTokens(access), ZoneOffset.UTC));
    routes.add(Metrics.of(projects, Duration.ZERO).route());
    routes.add(new Readiness(projects, 0, () -> access.file().problem()).route());
    return routes;
  }

  /** Writes access.yaml. */
  void say(String rules) {
    try {
      Files.writeString(folder.resolve("access.yaml"), rules);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  MovableClock clock() {
    return clock;
  }

  Instant now() {
    return clock.instant();
  }

  Serving serving() {
    return serving;
  }

  Accounts accounts() {
    return accounts;
  }

  List<Route> routes() {
    return routes;
  }

  List<HeadraceException> told() {
    return told;
  }

  String address() {
    return "http://127.0.0.1:" + server.port();
  }

  /** The token of that name, made when it is first asked for. */
  String token(String name) {
    return tokens.computeIfAbsent(name, n -> token(n, Optional.empty()));
  }

  String token(String name, Optional<Instant> expires) {
    String token = Secret.newToken();
    accounts
        .tokens()
        .add(
            new Token(name, Secret.tokenDigest(token), clock.instant(), expires, Optional.empty()));
    return token;
  }

  void user(String name) {
    Instant now = clock.instant();
    accounts.users().add(new User(name, new Passwords().hashGood(name, PASSWORD), now, now));
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(address() + path)).timeout(Duration.ofSeconds(30));
  }

  /** A request with the token of that name; without one if the name is empty. */
  HttpRequest.Builder as(String name, String path) {
    return name.isEmpty()
        ? request(path)
        : request(path).header("Authorization", "Bearer " + token(name));
  }

  HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return client.send(request.build(), BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** What is answered; empty if the server takes it for no request at all, and hangs up. */
  Optional<HttpResponse<String>> trySend(HttpRequest.Builder request) {
    try {
      return Optional.of(client.send(request.build(), BodyHandlers.ofString()));
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  HttpResponse<String> get(String name, String path) {
    return send(as(name, path));
  }

  HttpResponse<String> post(String name, String path, String json) {
    return send(
        as(name, path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json)));
  }

  @Override
  public void close() {
    server.close();
    serving.close();
    accounts.close();
  }
}

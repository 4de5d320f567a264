package io.headrace.server;

import io.headrace.faults.TestProject;
import io.headrace.server.route.Projects;
import io.headrace.server.route.Route;
import io.headrace.server.runs.ServedProject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** A project {@code shop} that is served over HTTP, without its schedules, and who asks for it. */
final class Site implements AutoCloseable {
  private final HttpClient client = HttpClient.newHttpClient();
  private final Serving serving;
  private final List<Route> routes;
  private final HeadraceServer server;

  /**
   * @param routes that are served, of the projects that there are
   */
  Site(TestProject project, Function<Projects, List<Route>> routes) {
    this.serving = Serving.withoutSchedules(project);
    this.routes = routes.apply(projects(serving.project()));
    this.server = HeadraceServer.start(0, this.routes);
  }

  /** One project, as a server has it. */
  static Projects projects(ServedProject project) {
    return new Projects(new TreeMap<>(Map.of(project.name(), project)));
  }

  Serving serving() {
    return serving;
  }

  List<Route> routes() {
    return routes;
  }

  String address() {
    return "http://127.0.0.1:" + server.port();
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(address() + path)).timeout(Duration.ofSeconds(30));
  }

  HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return client.send(request.build(), BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  HttpResponse<String> get(String path) {
    return send(request(path));
  }

  @Override
  public void close() {
    server.close();
    serving.close();
  }
}

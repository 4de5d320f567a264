package io.headrace.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.faults.TestProject;
import io.headrace.server.access.Doorway;
import io.headrace.server.route.Route;
import io.javalin.http.HandlerType;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Who reaches which route: every route, each kind of visitor, each kind of environment. Handlers
 * only say that they were reached. The matrix is a file to read; {@code -Dsnapshots=write} writes
 * it anew, and a route that has no row fails.
 */
class RouteMatrixTest {
  private static final Path MATRIX = Path.of("src/test/resources/io/headrace/server/routes.txt");

  private static final String RULES =
      """
      protected: [main, vault]
      grants:
        - {who: token:viewer, role: viewer, environments: [main, dev]}
        - {who: token:editor, role: editor, environments: [main, dev]}
        - {who: token:operator, role: operator, environments: [main, dev]}
        - {who: token:admin, role: admin}
        - {who: token:part, role: operator, environments: [main, dev], schemas: [marts]}
        - {who: token:other, role: admin, projects: [other]}
      """;

  /** Whom the matrix has a column for. */
  private static final List<String> WHO =
      List.of("", "bad", "viewer", "editor", "operator", "admin", "part", "other");

  private static final List<String> ENVIRONMENTS = List.of("main", "dev", "vault");

  @TempDir Path folder;

  @SuppressWarnings("NullAway.Init") // before each test
  private AccessSite site;

  @BeforeEach
  void serve() {
    TestProject project =
        new TestProject(folder.resolve("shop"))
            .write(
                "headrace.yaml",
                """
                schedules:
                  main: {every: 1h}
                  dev: {every: 1h, environment: dev}
                  vault: {every: 1h, environment: vault}
                """)
            .write("tables/marts/numbers.csv", "n\n1\n");
    site =
        new AccessSite(
            project,
            folder.resolve("access"),
            new MovableClock(),
            RULES,
            Doorway.LOOPBACK,
            route -> route.with(context -> context.result("reached " + name(route))));
    for (String environment : List.of("dev", "vault")) {
      site.serving()
          .workspace()
          .catalog()
          .environments()
          .create(environment, Optional.empty(), site.now());
    }
    for (String environment : ENVIRONMENTS) {
      site.serving()
          .workspace()
          .catalog()
          .runs()
          .start(new io.headrace.catalog.Runs.Run("r" + environment, environment, site.now(), ""));
    }
  }

  @AfterEach
  void stop() {
    site.close();
  }

  private static String name(Route route) {
    return route.method() + " " + route.path();
  }

  /** The path with all its parts, about an environment. */
  private static String path(Route route, String environment) {
    String path =
        route
            .path()
            .replace("{project}", "shop")
            .replace("{environment}", environment)
            .replace("{run}", "r" + environment)
            .replace("{schedule}", environment)
            .replace("{namespace}", "marts")
            .replace("{table}", "marts.numbers")
            .replace("{file}", "headrace.css")
            .replace("{name}", "numbers")
            .replace("{command}", "c1")
            .replace("{token}", "laptop")
            .replace("{topic}", "clicks")
            .replace("<rest>", "shop/nothing/here");
    return path + "?environment=" + environment + "&env=" + environment;
  }

  private HttpRequest.Builder request(Route route, String who, String path, String environment) {
    // So that nobody asks too often.
    site.clock().jump(Duration.ofMillis(250));
    HttpRequest.Builder request =
        who.equals("bad")
            ? site.request(path).header("Authorization", "Bearer hrt_nothing")
            : site.as(who, path);
    return fill(route, request, environment);
  }

  private static HttpRequest.Builder fill(
      Route route, HttpRequest.Builder request, String environment) {
    String method = route.method().name();
    if (route.isReading() || route.method().equals(HandlerType.DELETE)) {
      return request.method(method, BodyPublishers.noBody());
    }
    StringBuilder body = new StringBuilder();
    for (String key : List.of("environment", "from", "to", "name")) {
      if (route.keys().contains(key)) {
        body.append(body.isEmpty() ? "{" : ",").append("\"%s\":\"%s\"".formatted(key, environment));
      }
    }
    body.append(body.isEmpty() ? "" : "}");
    String type =
        route.style() == Route.Style.PAGE
            ? "application/x-www-form-urlencoded"
            : "application/json";
    return request.header("Content-Type", type).method(method, BodyPublishers.ofString(body + ""));
  }

  private static String answer(HttpResponse<String> answer) {
    return answer.statusCode() == 200 ? "yes" : String.valueOf(answer.statusCode());
  }

  @Test
  void everyRouteLetsThoseInThatItShould() throws IOException {
    Map<String, String> rows = new LinkedHashMap<>();
    for (Route route : site.routes()) {
      for (String environment : ENVIRONMENTS) {
        List<String> answers = new ArrayList<>();
        for (String who : WHO) {
          HttpRequest.Builder request = request(route, who, path(route, environment), environment);
          answers.add("%-5s".formatted(answer(site.send(request))));
        }
        String key = "%-5s %s".formatted(environment, name(route));
        rows.put(key, String.join(" ", answers) + " " + key);
      }
    }
    String text =
        "none  bad   view  edit  oper  admin part  other environment and route\n"
            + String.join("\n", rows.values())
            + "\n";
    if ("write".equals(System.getProperty("snapshots"))) {
      Files.createDirectories(MATRIX.getParent());
      Files.writeString(MATRIX, text);
    }
    assertThat(text).isEqualTo(Files.readString(MATRIX));
  }

  /** What the file of the matrix must say, whoever writes it anew. */
  @Test
  void nobodyGetsInWhereNothingIsForEverybody() throws IOException {
    List<String> open =
        List.of(
            "GET /assets/{file}",
            "GET /login",
            "POST /login",
            "GET /login/oidc",
            "GET /login/oidc/callback",
            "POST /logout",
            "GET /health/ready");
    for (String row : Files.readAllLines(MATRIX)) {
      String route = row.substring(row.indexOf(' ', 48)).strip();
      boolean isOpen = open.stream().anyMatch(route::endsWith);
      if (!row.startsWith("none") && !isOpen) {
        assertThat(row.substring(0, 12)).as(row).matches("(401|303)   (401|303)   ");
        boolean isOfAProject = route.contains("{project}") || route.contains("{environment}");
        assertThat(row.startsWith("404", 42) || !isOfAProject).as(row).isTrue();
      }
    }
  }

  /** What routes say that need no more than one of these. */
  private List<String> reached(List<String> needs) {
    return site.routes().stream()
        .filter(route -> route.needs().stream().allMatch(need -> needs.contains(need.toString())))
        .map(route -> "reached " + name(route))
        .toList();
  }

  @Test
  void noOtherWayToWriteAPathLeadsToARoute() {
    for (Route route : site.routes()) {
      String path = path(route, "main").replaceFirst("\\?.*", "");
      String way = path.substring(1);
      for (String trick :
          List.of(
              path + "/",
              "/" + path,
              path.replace("/", "//"),
              path + "/.",
              path + "/%2e%2e/" + path.substring(path.lastIndexOf('/') + 1),
              "/..;/" + way,
              "/x/..;/" + way,
              "/assets/..%2f" + way,
              "/assets/../" + way,
              "/login/../" + way,
              "/assets/..%5c" + way,
              "/%2f" + way,
              path + ";x=y",
              path.toUpperCase(java.util.Locale.ROOT),
              path + "%00",
              path + "%20",
              path + ".json")) {
        for (String who : List.of("", "other")) {
          String answer =
              site.trySend(request(route, who, trick, "main")).map(HttpResponse::body).orElse("");
          if (answer.startsWith("reached")) {
            assertThat(answer)
                .as(who + " " + trick)
                .isIn(
                    who.isEmpty()
                        ? reached(List.of("nothing"))
                        : reached(List.of("nothing", "to be known")));
          }
        }
      }
    }
  }

  @Test
  void noHeaderMakesAnotherMethodOfARequest() {
    for (Route route : site.routes()) {
      String path = path(route, "dev");
      for (String method : List.of("POST", "DELETE", "PUT", "PATCH")) {
        HttpResponse<String> answer =
            site.send(
                site.as("viewer", path + "&_method=" + method)
                    .header("X-HTTP-Method-Override", method)
                    .header("X-HTTP-Method", method)
                    .header("X-Method-Override", method));
        assertThat(answer.body()).as(path).doesNotStartWith("reached " + method);
      }
      for (String method : List.of("OPTIONS", "TRACE", "PROPFIND", "get")) {
        site.clock().jump(Duration.ofMillis(250));
        HttpResponse<String> answer =
            site.send(site.request(path).method(method, BodyPublishers.noBody()));
        boolean isOpen = route.needs().toString().equals("[nothing]");
        assertThat((isOpen && answer.statusCode() == 200) || answer.statusCode() >= 300)
            .as(method + " " + path + " " + answer.statusCode())
            .isTrue();
      }
    }
  }

  @Test
  void tokensThatHaveExpiredOrWereRevokedAreWorthNothing() {
    String expired = site.token("viewer", Optional.of(site.now().plus(Duration.ofDays(1))));
    String path = "/api/v1/projects/shop/tables";
    assertThat(with(path, expired).statusCode()).isEqualTo(200);
    site.clock().jump(Duration.ofDays(1));
    assertThat(with(path, expired).statusCode()).isEqualTo(401);
    assertThat(site.accounts().tokens().revoke("viewer")).isTrue();
    String revoked = site.token("viewer", Optional.empty());
    assertThat(with(path, revoked).statusCode()).isEqualTo(200);
    assertThat(site.accounts().tokens().revoke("viewer")).isTrue();
    HttpResponse<String> answer = with(path, revoked);
    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.headers().firstValue("WWW-Authenticate")).contains("Bearer");
    assertThat(with(path, "").statusCode()).isEqualTo(401);
  }

  private HttpResponse<String> with(String path, String token) {
    return site.send(site.request(path).header("Authorization", "Bearer " + token));
  }
}

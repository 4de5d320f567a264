package io.headrace.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.access.AuditLog.Entry;
import io.headrace.engine.Cancellation;
import io.headrace.run.RunRequest.PublishMode;
import io.headrace.server.runs.OngoingRun;
import io.headrace.server.runs.Order;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What somebody may do who may not do all of it, and how that changes. */
class GrantsTest {
  @TempDir Path folder;

  @SuppressWarnings("NullAway.Init") // before each test
  private AccessSite site;

  @BeforeEach
  void serve() {
    HiddenShop shop = HiddenShop.open(folder);
    site = shop.site();
  }

  @AfterEach
  void stop() {
    site.close();
  }

  @Test
  void whoBuildsSomeTablesBuildsNoOther() {
    String path = "/api/v1/projects/shop/runs";
    assertThat(site.post("builder", path, "{\"select\": [\"marts.totals\"]}").statusCode())
        .isEqualTo(202);
    for (String select :
        List.of("", "\"payroll.salaries\"", "\"+marts.mixed\"", "\"*\"", "\"nothing\"")) {
      HttpResponse<String> answer =
          site.post("builder", path, "{\"select\": [%s]}".formatted(select));
      assertThat(answer.statusCode()).as(select + answer.body()).isEqualTo(403);
      assertThat(answer.body()).doesNotContain("salar", "payroll");
    }
    assertThat(
            site.post(
                    "builder",
                    "/api/v1/projects/shop/environments/main/rollback",
                    "{\"to\": \"1\"}")
                .statusCode())
        .isEqualTo(403);
  }

  /** Or he would see in the copy what he does not see where it comes from. */
  @Test
  void whoDoesNotSeeAllOfAnEnvironmentCannotTakeIt() {
    String path = "/api/v1/projects/shop/environments";
    HttpResponse<String> answer =
        site.post("forker", path, "{\"name\": \"dev1\", \"from\": \"main\"}");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(403);
    assertThat(site.post("forker", path, "{\"name\": \"dev1\", \"from\": \"vault\"}").statusCode())
        .isEqualTo(404);
    assertThat(site.post("admin", path, "{\"name\": \"dev1\", \"from\": \"vault\"}").statusCode())
        .isEqualTo(201);
    assertThat(site.post("forker", path, "{\"name\": \"dev2\", \"from\": \"dev1\"}").statusCode())
        .isEqualTo(201);
    assertThat(site.post("forker", path + "/main/promote", "{\"to\": \"dev2\"}").statusCode())
        .isEqualTo(403);
  }

  @Test
  void whoPublishesIsTheAuthor() {
    HttpResponse<String> answer =
        site.post("admin", "/api/v1/projects/shop/environments/main/rollback", "{\"to\": \"1\"}");
    assertThat(answer.statusCode()).as(answer.body()).isIn(200, 422);
    site.serving()
        .workspace()
        .catalog()
        .environments()
        .create(
            "dev",
            Optional.of(site.serving().workspace().catalog().environments().at(1)),
            site.now());
    answer = site.post("admin", "/api/v1/projects/shop/schedules/nightly/pause", "");
    assertThat(answer.body()).contains("\"paused_by\":\"token:admin\"");
  }

  @Test
  void theLogHasCommandsWithoutWhatCouldBeASecret() {
    String path = "/api/v1/projects/shop/commands";
    String words =
        "\"erase\", \"--where\", \"canary1\", \"--where=canary2\", \"--param\", \"day=canary3\","
            + " \"--param=key=canary4\", \"--param\", \"canary5\", \"--env\", \"dev\"";
    HttpResponse<String> answer = site.post("admin", path, "{\"arguments\": [" + words + "]}");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    answer =
        site.post(
            "marts",
            "/api/v1/projects/shop/query",
            "{\"environment\": \"" + "e".repeat(900) + "\"}");
    assertThat(answer.statusCode()).isEqualTo(404);
    List<Entry> log = site.accounts().audit().list(9);
    assertThat(log)
        .anySatisfy(
            entry ->
                assertThat(entry.subject())
                    .isEqualTo(
                        "arguments=erase,--where,…,--where=…,--param,day=…,--param=key=…,--param,…,--env,dev"));
    assertThat(log).allMatch(entry -> entry.environment().length() <= Entry.LONGEST);
    assertThat(log.toString()).doesNotContain("canary");
  }

  /** For an admin masks do not count, also if he is one of some schemas. */
  @Test
  void whoIsAdminOfAPartOfACopyCannotTakeWhatIsMaskedForHim() {
    site.say(
        """
        grants:
          - {who: "token:taker", role: viewer}
          - {who: "token:taker", role: editor, environments: ["dev*"]}
          - {who: "token:taker", role: admin, environments: ["dev*"], schemas: [marts]}
        masks: [{table: marts.orders, column: email}]
        """);
    String path = "/api/v1/projects/shop/environments";
    Serving.await(() -> site.get("taker", path).statusCode() == 200);
    HttpResponse<String> answer =
        site.post("taker", path, "{\"name\": \"dev1\", \"from\": \"main\"}");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(403);
    assertThat(answer.body()).contains("Ask for the role admin of 'main'");
  }

  @Test
  void aProjectThatCannotBeReadIsToldToThoseWhoSeeAllOfIt() throws Exception {
    Files.writeString(
        folder.resolve("shop/headrace.yaml"), "schedules: {nightly: {every: hiddensalary}}\n");
    for (String path :
        List.of("/api/v1/projects/shop/schedules/nightly", "/projects/shop/schedules/nightly")) {
      HttpResponse<String> answer = site.get("marts", path);
      assertThat(answer.statusCode()).as(path).isEqualTo(422);
      assertThat(answer.body())
          .as(path)
          .contains("files cannot be read")
          .doesNotContain("hiddensalary");
      answer = site.get("admin", path);
      assertThat(answer.statusCode()).as(path).isEqualTo(422);
      assertThat(answer.body()).as(path).contains("hiddensalary");
    }
    assertThat(site.accounts().audit().list(9))
        .anyMatch(
            entry -> entry.who().equals("token:marts") && entry.outcome().equals("refused 422"));
  }

  @Test
  void aStreamEndsWhenWhoHearsItMayNotAnyMore() throws Exception {
    String path = "/api/v1/projects/shop/commands";
    HttpResponse<String> begun = site.post("admin", path, "{\"arguments\": [\"wait\"]}");
    String command = begun.headers().firstValue("Location").orElseThrow();
    HttpRequest events = site.as("other", command + "/events").build();
    site.say("grants: [{who: ['token:other', 'token:admin'], role: admin}]");
    Serving.await(() -> site.get("other", command).statusCode() == 200);
    List<String> lines = new ArrayList<>();
    try (Stream<String> all =
        HttpClient.newHttpClient().send(events, BodyHandlers.ofLines()).body()) {
      all.forEach(
          line -> {
            lines.add(line);
            if (line.contains("waiting")) {
              assertThat(site.accounts().tokens().revoke("other")).isTrue();
            }
          });
    }
    assertThat(String.join("\n", lines)).contains("waiting").doesNotContain("event: over");
    assertThat(site.post("admin", command + "/cancel", "").statusCode()).isEqualTo(202);
  }

  @Test
  void whatACommitSaysOfAHiddenEnvironmentIsNotTold() throws Exception {
    site.say(
        "grants: [{who: 'token:reader', role: viewer, environments: [main]}, {who: 'token:admin', role: admin}]");
    Files.writeString(
        folder.resolve("shop/tables/marts/orders.csv"), "id,region,amount\n9,west,8\n");
    Order all = Order.of("ada");
    OngoingRun unused =
        site.serving()
            .project()
            .run(
                new Order(
                    "main",
                    List.of("marts.orders"),
                    List.of(),
                    List.of(),
                    new TreeMap<>(),
                    PublishMode.READY,
                    all.author(),
                    "As in vault",
                    "",
                    Optional.empty()),
                Cancellation.never());
    String path = "/projects/shop/environments/main";
    Serving.await(() -> site.get("reader", path).statusCode() == 200);
    assertThat(site.get("admin", path).body()).contains("As in vault");
    assertThat(site.get("reader", path).body())
        .contains("about what you do not see")
        .doesNotContain("vault");
  }

  @Test
  void rulesAreTakenOverAndWrongOnesAreNot() {
    String path = "/api/v1/projects/shop/environments";
    assertThat(site.get("marts", path).body()).doesNotContain("vault");
    site.say("grants: [{who: 'token:marts', role: admin}]");
    Serving.await(() -> site.get("marts", path).body().contains("vault"));
    assertThat(site.get("masked", path).statusCode()).isEqualTo(404);
    site.say("grants: [{who: 'token:masked', role: emperor}]");
    Serving.await(() -> site.get("", "/health/ready").statusCode() == 503);
    assertThat(site.get("", "/health/ready").body()).isEqualTo("{\"ready\":false}");
    assertThat(site.get("marts", "/health/ready").body()).contains("Unknown word 'emperor'");
    assertThat(site.told()).isNotEmpty();
    assertThat(site.get("marts", path).body()).contains("vault");
    assertThat(site.get("masked", path).statusCode()).isEqualTo(404);
    site.say("grants: []");
    Serving.await(() -> site.get("", "/health/ready").statusCode() == 200);
    assertThat(site.get("marts", path).statusCode()).isEqualTo(404);
  }
}

package io.headrace.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.access.AuditLog.Entry;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
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

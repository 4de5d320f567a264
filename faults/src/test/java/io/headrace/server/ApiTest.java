package io.headrace.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.faults.TestProject;
import io.headrace.server.api.Api;
import io.headrace.server.route.Route;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApiTest {
  private static final Pattern RUN = Pattern.compile("\"run\":\"([^\"]+)\"");
  private static final String PROJECT = "/projects/shop";

  @TempDir Path folder;

  @SuppressWarnings("NullAway.Init") // before each test
  private TestProject project;

  @SuppressWarnings("NullAway.Init") // before each test
  private Site site;

  @BeforeEach
  void serve() {
    project =
        new TestProject(folder.resolve("shop"))
            .write(
                "headrace.yaml",
                "{parameters: {day: none}, schedules: {nightly: {cron: 0 3 * * *, objective: {duration: 45m}},"
                    + " hook: {on: {webhook: true}}}}")
            .write("tables/numbers.csv", "n,name\n1,one\n2,two\n")
            .table("doubled", "SELECT n * 2 AS n FROM numbers")
            .write("exports/doubled.yaml", "table: doubled\nfile: out/doubled.csv\n");
    site = new Site(project, projects -> Api.routes(projects, EchoCommands.desk()));
  }

  @AfterEach
  void stop() {
    site.close();
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    return site.send(request);
  }

  private HttpRequest.Builder request(String path) {
    return site.request(Api.ROOT + path);
  }

  private HttpResponse<String> get(String path) {
    return send(request(path));
  }

  private HttpResponse<String> post(String path, String json) {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json)));
  }

  /** Runs to the end, and returns the run's name. */
  private String run(String json) {
    HttpResponse<String> answer = post(PROJECT + "/runs", json);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    Matcher matcher = RUN.matcher(answer.body());
    assertThat(matcher.find()).isTrue();
    String run = matcher.group(1);
    assertThat(answer.headers().firstValue("Location"))
        .contains(Api.ROOT + PROJECT + "/runs/" + run);
    assertThat(get(PROJECT + "/runs/%s/events".formatted(run)).body()).contains("event: over");
    return run;
  }

  @Test
  void aRunIsStartedWatchedAndLookedUp() {
    String run = run("{}");
    String events = get(PROJECT + "/runs/%s/events".formatted(run)).body();
    assertThat(events)
        .contains("event: started", "event: task_finished", "\"table\":\"doubled\"")
        .contains("\"state\":\"published\"", "\"commit\":1");
    assertThat(get(PROJECT + "/runs/" + run).body())
        .contains("\"state\":\"published\"", "\"table\":\"doubled\",\"outcome\":\"built\"");
    assertThat(get(PROJECT + "/runs").body()).contains(run);
    assertThat(get(PROJECT + "/runs?limit=x").statusCode()).isEqualTo(400);
  }

  @Test
  void aRunThatCannotBeginSaysWhy() {
    String run = run("{\"select\": [\"doubledd\"]}");
    assertThat(get(PROJECT + "/runs/" + run).body())
        .contains("\"state\":\"failed\"", "doubledd", "Did you mean 'doubled'?");
  }

  @Test
  void aRunIsStopped() {
    project.table(
        "slow", "SELECT sum(a.range * b.range % 7) AS n FROM range(60000) a, range(60000) b");
    HttpResponse<String> started = post(PROJECT + "/runs", "{}");
    Matcher matcher = RUN.matcher(started.body());
    assertThat(matcher.find()).isTrue();
    String run = matcher.group(1);
    Serving.await(() -> get(PROJECT + "/runs/" + run).body().contains("\"run\":"));
    assertThat(post(PROJECT + "/runs/%s/cancel".formatted(run), "").statusCode()).isEqualTo(202);
    assertThat(get(PROJECT + "/runs/%s/events".formatted(run)).body())
        .contains("\"state\":\"cancelled\"");
    assertThat(site.serving().workspace().catalog().environments().head("main").commit()).isZero();
  }

  @Test
  void environmentsAreMadePromotedRolledBackAndDeleted() {
    run("{}");
    String all = PROJECT + "/environments";
    assertThat(post(all, "{\"name\": \"dev\"}").statusCode()).isEqualTo(201);
    project.write("tables/numbers.csv", "n,name\n3,three\n");
    run("{\"environment\": \"dev\"}");
    assertThat(get(PROJECT + "/tables?environment=dev").body()).contains("\"rows\":1");
    assertThat(get(PROJECT + "/tables").body()).contains("\"rows\":2");
    assertThat(post(all + "/dev/promote", "{\"to\": \"main\"}").body())
        .contains("\"tables\":[\"doubled\",\"numbers\"]", "\"outcome\":\"delivered\"");
    assertThat(get(all + "/main/commits").body()).contains("\"author\":\"api\"");
    assertThat(project.root().resolve("out/doubled.csv")).hasContent("n\n6\n");
    assertThat(post(all + "/main/rollback", "{\"to\": 1}").body()).contains("\"to\":1");
    assertThat(get(PROJECT + "/tables").body()).contains("\"rows\":2");
    assertThat(send(request(all + "/dev").DELETE()).statusCode()).isEqualTo(204);
    assertThat(send(request(all + "/main").DELETE()).statusCode()).isEqualTo(422);
    assertThat(get(all).body()).contains("main").doesNotContain("dev");
    assertThat(get(all + "/dev/commits").statusCode()).isEqualTo(404);
    assertThat(post(all + "/main/promote", "{\"to\": \"nowhere\"}").statusCode()).isEqualTo(400);
  }

  @Test
  void aTableIsDescribed() {
    run("{}");
    assertThat(get(PROJECT + "/tables/numbers").body())
        .contains("\"rows\":2", "\"name\":\"n\",\"type\":\"long\"", "\"read_by\":[\"doubled\"]");
    HttpResponse<String> unknown = get(PROJECT + "/tables/number");
    assertThat(unknown.statusCode()).isEqualTo(404);
    assertThat(unknown.body()).contains("Did you mean 'numbers'?");
  }

  private HttpResponse<String> query(String sql) {
    return post(PROJECT + "/query", "{\"sql\": \"%s\"}".formatted(sql.replace("\"", "\\\"")));
  }

  @Test
  void rowsOfOneCommitAreRead() {
    run("{}");
    project.write("tables/numbers.csv", "n,name\n3,three\n");
    run("{}");
    assertThat(query("SELECT n, name, now() > DATE '2020-01-01' AS late FROM numbers").body())
        .contains("\"commit\":2", "\"rows\":[[3,\"three\",true]]", "\"truncated\":false");
    assertThat(
            post(
                    PROJECT + "/query",
                    "{\"sql\": \"FROM numbers ORDER BY n\", \"at\": 1, \"limit\": 1}")
                .body())
        .contains("\"rows\":[[1,\"one\"]]", "\"truncated\":true");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT * FROM '/etc/passwd'",
        "SELECT * FROM 'tables/numbers.csv'",
        "FROM read_csv('/etc/passwd')",
        "FROM read_text('/etc/passwd')",
        "FROM read_blob('/etc/*')",
        "FROM glob('/**')",
        "FROM read_parquet('https://example.com/a.parquet')",
        "SELECT (SELECT content FROM read_text('/etc/passwd')) FROM numbers",
        "WITH x AS (FROM read_text('/etc/passwd')) FROM x",
        "FROM query('FROM read_text(''/etc/passwd'')')",
        "FROM query_table('numbers')",
        "SELECT getenv('HOME')",
        "SELECT current_setting('temp_directory')",
        "FROM duckdb_settings()",
        "FROM duckdb_secrets()",
        "FROM information_schema.tables",
        "FROM sqlite_scan('.headrace/catalog.db', 'runs')",
        "COPY numbers TO '/tmp/stolen'",
        "ATTACH '/tmp/x.db'",
        "INSTALL httpfs",
        "SET memory_limit = '1TB'",
        "PRAGMA database_list",
        "CREATE TABLE x AS FROM numbers",
        "DROP TABLE numbers",
        "SELECT 1; SELECT 2",
        "CALL pragma_version()",
        "SELECT * FROM numbers; COPY numbers TO '/tmp/stolen'",
        "EXPLAIN ANALYZE SELECT 1",
        "not SQL at all",
      })
  void nothingButTablesCanBeRead(String sql) {
    run("{}");
    HttpResponse<String> answer = query(sql);
    assertThat(answer.statusCode()).as(answer.body()).isIn(400, 422);
    assertThat(answer.body()).doesNotContain("root:").contains("\"error\":");
    assertThat(Files.exists(Path.of("/tmp/stolen"))).isFalse();
  }

  private HttpResponse<String> trigger(String schedule, String key, String json) {
    return send(
        request(PROJECT + "/schedules/" + schedule + "/trigger")
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", key)
            .POST(BodyPublishers.ofString(json)));
  }

  @Test
  void schedulesAreTriggeredOnceForEachKey() {
    HttpResponse<String> first = trigger("hook", "k1", "{\"parameters\": {\"day\": \"x\"}}");
    assertThat(first.statusCode()).isEqualTo(202);
    assertThat(first.body())
        .contains("\"request\":1", "\"schedule\":\"hook\"", "\"parameters\":{\"day\":\"x\"}")
        .contains("\"key\":\"k1\"", "\"asked_by\":\"api\"", "\"tick\":null");
    assertThat(trigger("hook", "k1", "{\"parameters\": {\"day\": \"x\"}}").body())
        .isEqualTo(first.body());
    assertThat(trigger("hook", "k1", "{}").statusCode()).isEqualTo(409);
    assertThat(trigger("hook", "k2", "{\"parameters\": {\"dayy\": \"x\"}}").body())
        .contains("unknown parameter 'dayy'", "Did you mean 'day'?");
    assertThat(trigger("hook", "k3", "{\"parameter\": {}}").statusCode()).isEqualTo(400);
    assertThat(trigger("hook", " ", "").statusCode()).isEqualTo(400);
    assertThat(post(PROJECT + "/schedules/hook/trigger", "").body()).contains("\"key\":null");
    assertThat(site.serving().workspace().catalog().requests().waiting("hook")).hasSize(2);
    assertThat(get(PROJECT + "/schedules/hook").body())
        .contains("\"trigger\":\"on: webhook\"", "\"waits\":null");
  }

  @Test
  void schedulesArePausedAndGoOn() {
    String schedule = PROJECT + "/schedules/nightly";
    assertThat(get(schedule).body())
        .contains("\"trigger\":\"cron: 0 3 * * * (UTC)\"", "\"objective\":\"45m\"");
    assertThat(post(schedule + "/pause", "").body()).contains("\"paused_by\":\"api\"");
    assertThat(get(PROJECT + "/schedules").body()).contains("\"paused\":true,");
    assertThat(post(schedule + "/resume", "").body()).contains("\"paused\":false");
    assertThat(get(schedule + "/ticks").body()).isEqualTo("[]");
    HttpResponse<String> begun = post(schedule + "/run", "");
    assertThat(begun.statusCode()).isEqualTo(202);
    String run = begun.headers().firstValue("Location").orElseThrow();
    assertThat(get(run.substring(Api.ROOT.length()) + "/events").body())
        .contains("\"state\":\"published\"");
    assertThat(get(PROJECT + "/schedules/nightlyy").body()).contains("Did you mean 'nightly'?");
  }

  @Test
  void mistakesAreAnsweredAndNamed() {
    assertThat(post(PROJECT + "/runs", "{\"selekt\": []}").body())
        .contains("Unknown key 'selekt'", "Did you mean 'select'?");
    assertThat(post(PROJECT + "/runs", "[1]").statusCode()).isEqualTo(400);
    assertThat(post(PROJECT + "/runs", "{\"select\": ").statusCode()).isEqualTo(400);
    assertThat(post(PROJECT + "/runs", "{\"select\": [[1]]}").statusCode()).isEqualTo(400);
    assertThat(post(PROJECT + "/query", "{}").body()).contains("There is no query");
    assertThat(get("/projects/shopp/runs").body()).contains("Did you mean 'shop'?");
    assertThat(get(PROJECT + "/runs/r1").statusCode()).isEqualTo(404);
    assertThat(get("/nothing").statusCode()).isEqualTo(404);
    assertThat(send(request(PROJECT + "/tables").DELETE()).statusCode()).isEqualTo(405);
  }

  /** A page of somebody else makes a browser of this machine send what it can. */
  @Test
  void pagesOfOthersChangeNothing() {
    for (Route route : site.routes()) {
      String path =
          route
              .path()
              .substring(Api.ROOT.length())
              .replace("{project}", "shop")
              .replaceAll("\\{[a-z]+}", "main");
      HttpRequest.Builder forged =
          request(path).method(route.method().name(), BodyPublishers.ofString("{}"));
      forged.header("Origin", "https://evil.example");
      assertThat(send(forged).statusCode()).as(route.path()).isEqualTo(403);
    }
    HttpRequest.Builder form =
        request(PROJECT + "/runs")
            .header("Content-Type", "text/plain")
            .POST(BodyPublishers.ofString("{}"));
    assertThat(send(form).statusCode()).isEqualTo(415);
    assertThat(site.serving().project().runs()).isEmpty();
  }
}

package io.headrace.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.catalog.Environments;
import io.headrace.engine.Cancellation;
import io.headrace.faults.TestProject;
import io.headrace.server.api.Api;
import io.headrace.server.route.Projects;
import io.headrace.server.route.Route;
import io.headrace.server.runs.OngoingRun;
import io.headrace.server.runs.Order;
import io.headrace.server.runs.ReadLimit;
import io.headrace.server.ui.Ui;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pages as a browser gets them. What browsers make of them is for {@link BrowserTest}. */
class PagesTest {
  private static final String HOSTILE = "<script>bad()</script>\"'><img src=x onerror=bad()>";
  private static final String HOME = "/projects/shop";

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
                "schedules: {nightly: {cron: 0 3 * * *, objective: {duration: 45m}}}")
            .write("tables/numbers.csv", "n,name\n1,one\n2,two\n")
            .table(
                "doubled", "/*---\nchecks: [{unique: [n]}]\n---*/ SELECT n * 2 AS n FROM numbers");
    site = new Site(project, PagesTest::routes);
  }

  static List<Route> routes(Projects projects) {
    List<Route> routes = new ArrayList<>(Api.routes(projects, EchoCommands.desk()));
    routes.addAll(new Ui(projects, ZoneOffset.UTC, ReadLimit.USUAL).routes());
    return routes;
  }

  @AfterEach
  void stop() {
    site.close();
  }

  private HttpResponse<String> get(String path) {
    return site.get(path);
  }

  /** The page at an address, which is there. */
  private String page(String path) {
    HttpResponse<String> answer = get(path);
    assertThat(answer.statusCode()).as(path + ": " + answer.body()).isEqualTo(200);
    return answer.body();
  }

  private OngoingRun run(Order order) {
    return site.serving().project().run(order, Cancellation.never());
  }

  private OngoingRun run() {
    return run(Order.of("ada"));
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @Test
  void everyPageIsThereAndShowsWhatItIsFor() {
    String run = run().id();
    assertThat(page(HOME)).contains("doubled", "nightly", "published");
    assertThat(page(HOME + "/tables/doubled")).contains("tables/doubled.sql", "unique", "✓");
    assertThat(page(HOME + "/tables/doubled/profile")).contains("<code>long</code>");
    assertThat(page(HOME + "/tables/numbers/sample")).contains("two");
    assertThat(page(HOME + "/tables/doubled/lineage")).contains("numbers.n");
    assertThat(page(HOME + "/tables/doubled/why")).contains("<strong>reused</strong>");
    assertThat(page(HOME + "/graph")).contains("data-from=\"numbers\" data-to=\"doubled\"");
    assertThat(page(HOME + "/runs")).contains(run);
    assertThat(page(HOME + "/runs/" + run)).contains("built", "doubled");
    assertThat(page(HOME + "/runs/" + run + "/log/doubled")).contains("2 rows");
    assertThat(page(HOME + "/environments")).contains("main");
    assertThat(page(HOME + "/environments/main")).contains("update doubled, numbers");
    assertThat(page(HOME + "/query")).contains("textarea");
    assertThat(page(HOME + "/schedules")).contains("0 3 * * *");
    assertThat(page(HOME + "/schedules/nightly")).contains("03:00:00", "a run takes at most 45m");
    assertThat(page(HOME + "/search?q=name")).contains("numbers", "<code>name</code>");
    assertThat(page(HOME + "/words?prefix=na&of=numbers")).contains("\"name\"");
    assertThat(page("/assets/headrace.js")).contains("'use strict'");
  }

  @Test
  void aWarningThatStoppedNothingDoesNotHold() {
    project.table(
        "doubled",
        "/*---\nchecks: [{condition: n > 2, severity: warn}]\n---*/ SELECT n * 2 AS n FROM numbers");
    run();
    assertThat(page(HOME + "/tables/doubled")).contains("✗").doesNotContain("✓");
  }

  /** Also of those that are added later. */
  @Test
  void everyPageOfAProjectIsProtected() {
    String run = run().id();
    for (Route route :
        new Ui(new Projects(new TreeMap<>()), ZoneOffset.UTC, ReadLimit.USUAL).routes()) {
      String path =
          route
              .path()
              .replace("{project}", "shop")
              .replace("{table}", "doubled")
              .replace("{run}", run)
              .replace("{name}", "doubled")
              .replace("{environment}", "main")
              .replace("{schedule}", "nightly")
              .replace("{file}", "headrace.css")
              .replace("<rest>", "shop/nothing/here");
      HttpResponse<String> answer = get(path);
      assertThat(answer.statusCode()).as(path).isIn(200, 302, 404);
      assertThat(answer.headers().firstValue("Content-Security-Policy").orElse(""))
          .as(path)
          .contains("default-src 'self'", "frame-ancestors 'none'")
          .doesNotContain("unsafe");
      assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
      assertThat(answer.headers().firstValue("Referrer-Policy")).contains("same-origin");
      assertThat(answer.body()).as(path).doesNotContain(" style=", " onclick=");
    }
  }

  @Test
  void whatATableSaysOfItselfCannotBeRun() {
    String yaml = "'" + HOSTILE.replace("'", "''") + "'";
    String name = '"' + HOSTILE.replace("\"", "\"\"") + '"';
    project
        .write("headrace.yaml", "description: " + yaml)
        .table(
            "hostile",
            "/*---\ndescription: %s\nowner: %s\nchecks: [{condition: n > 1, name: %s, severity: warn}]\n---*/%s"
                .formatted(
                    yaml,
                    yaml,
                    yaml,
                    "SELECT n, '%s' AS %s FROM numbers -- %s"
                        .formatted(HOSTILE.replace("'", "''"), name, HOSTILE)));
    OngoingRun run =
        run(
            new Order(
                "main",
                List.of(),
                List.of(),
                List.of(),
                new TreeMap<>(),
                Order.of("").publish(),
                HOSTILE,
                HOSTILE,
                HOSTILE,
                Optional.empty()));
    assertThat(run.result().orElseThrow().commit()).isPresent();
    List<String> paths =
        List.of(
            HOME,
            HOME + "?filter=" + encode(HOSTILE),
            HOME + "/tables/hostile",
            HOME + "/tables/hostile/profile",
            HOME + "/tables/hostile/sample",
            HOME + "/tables/hostile/lineage",
            HOME + "/graph?table=" + encode(HOSTILE),
            HOME + "/runs?select=" + encode(HOSTILE),
            HOME + "/runs/" + run.id(),
            HOME + "/runs/" + run.id() + "/log/hostile",
            HOME + "/environments/main",
            HOME + "/search?q=script",
            HOME + "/search?q=" + encode(HOSTILE),
            HOME + "/query?sql=" + encode(HOSTILE),
            HOME + "/diff?a=" + encode(HOSTILE) + "&b=main",
            HOME + "/tables/" + encode(HOSTILE).replace("+", "%20"));
    for (String path : paths) {
      assertThat(get(path).body())
          .as(path)
          .doesNotContain("<script>bad", "<img src=x")
          .satisfiesAnyOf(
              body -> assertThat(body).contains("&lt;script&gt;bad"),
              body -> assertThat(path).contains("/graph"));
    }
    assertThat(get(HOME + "/words?prefix=&of=hostile").headers().firstValue("Content-Type"))
        .contains("application/json");
  }

  @Test
  void whatIsNotThereIsSaidWithTheNearestName() {
    run();
    HttpResponse<String> table = get(HOME + "/tables/doubles");
    assertThat(table.statusCode()).isEqualTo(404);
    assertThat(table.headers().firstValue("Content-Type").orElse("")).startsWith("text/html");
    assertThat(table.body()).contains("no table 'doubles'", "Did you mean 'doubled'");
    assertThat(get("/projects/shopp").body())
        .contains("Did you mean 'shop'", "All projects")
        .doesNotContain("/projects/shopp/graph");
    HttpResponse<String> graph = get(HOME + "/graph?table=doubles");
    assertThat(graph.statusCode()).isEqualTo(404);
    assertThat(graph.body()).contains("Did you mean 'doubled'", "The tables of shop");
    assertThat(get(HOME + "?env=man").body()).contains("Did you mean 'main'");
    assertThat(get(HOME + "/runs/r1").statusCode()).isEqualTo(404);
    assertThat(get(HOME + "/runs/..%2F..%2Fcatalog/log/x").statusCode()).isIn(400, 404);
    assertThat(get(HOME + "/nothing").body()).contains("no page");
    assertThat(get("/assets/..%2FUi.class").statusCode()).isIn(400, 404);
  }

  @Test
  void aProjectThatDoesNotReadSaysWhereItIsWrong() {
    run();
    project.table("wrong", "SELECT * FROM nowhere");
    assertThat(page(HOME)).contains("tables/wrong.sql:1:15", "nowhere", "doubled");
    assertThat(page(HOME + "/tables/doubled")).contains("doubled");
    assertThat(get(HOME + "/graph").statusCode()).isEqualTo(422);
    project.delete("tables/wrong.sql").write("headrace.yaml", "nope: 1");
    assertThat(page(HOME)).contains("headrace.yaml:1:1");
    assertThat(page(HOME + "/schedules")).contains("cannot be read");
    project.write("headrace.yaml", "name: shop");
    assertThat(page(HOME)).doesNotContain("wrong.sql");
    assertThat(page(HOME + "/graph")).contains("doubled");
  }

  @Test
  void whatIsEmptySaysWhatToDo() {
    assertThat(page(HOME)).contains("Nothing has run yet", "not built");
    assertThat(page(HOME + "/tables/doubled")).contains("headrace run +doubled");
    assertThat(page(HOME + "/environments/main")).contains("There are no commits yet");
    assertThat(get(HOME + "/tables/doubled/profile").body()).contains("not in 'main' yet");
    project.delete("tables/doubled.sql").delete("tables/numbers.csv").delete("headrace.yaml");
    assertThat(page(HOME)).contains("There are no tables yet");
    assertThat(page(HOME + "/graph")).contains("There are no tables yet");
    assertThat(page(HOME + "/schedules")).contains("There are no schedules");
  }

  @Test
  void aFailureIsSeenWhereOneLooks() {
    run();
    project.table("doubled", "SELECT CAST(name AS INT) AS n FROM numbers WHERE n = 1");
    String run = run().id();
    assertThat(page(HOME)).contains("s-failed");
    assertThat(page(HOME + "/tables/doubled")).contains("Could not convert string 'one'");
    assertThat(page(HOME + "/runs/" + run)).contains("o-failed", "Could not convert string 'one'");
    assertThat(page(HOME + "/graph")).contains("node s-failed");
    assertThat(page(HOME + "/tables/doubled/why")).contains("<strong>built</strong>");
  }

  @Test
  void aVersionSaysWhereItIsSeen() {
    run();
    Environments environments = site.serving().workspace().catalog().environments();
    environments.create("dev", Optional.of(environments.head("main")), Instant.EPOCH);
    project.write("tables/numbers.csv", "n,name\n3,three\n");
    run();
    assertThat(page(HOME + "/tables/numbers")).contains("<td>main</td>", "<td>dev</td>");
    assertThat(page(HOME + "/environments"))
        .contains("a=main&amp;b=dev", "2 tables")
        .doesNotContain("a=dev&amp;b=main");
    project.table("later", "SELECT 1 AS n");
    assertThat(page(HOME + "/tables/later?env=dev")).contains("headrace run +later --env dev");
  }

  @Test
  void whatIsTypedIsFoundInAnyCaseAndCompletedInOrder() {
    project.table("many", "SELECT 1 AS na, 2 AS nb, 3 AS nc");
    run();
    assertThat(page(HOME + "?filter=DOUB")).contains("1 of 3");
    assertThat(page(HOME + "/words?prefix=N&of=many").replaceAll("[^a-z]+", " "))
        .containsSubsequence(" na ", " nb ", " nc ", " numbers ");
  }

  @Test
  void rowsThatAreRejectedAreCounted() {
    project.table("kept", "/*---\nreject: [n > 1]\n---*/ SELECT n FROM numbers");
    run();
    assertThat(page(HOME + "/tables/kept")).contains("rejects 1 row", "kept__rejected");
    assertThat(page(HOME + "/tables/kept__rejected")).contains("rows that kept rejects");
  }

  @Test
  void whatDiffersIsShownRowByRow() {
    run();
    project.write("tables/numbers.csv", "n,name\n1,one\n3,three\n");
    run();
    assertThat(page(HOME + "/diff?a=1&b=2&table=numbers"))
        .contains("changed", "class=\"plus\"", "class=\"minus\"", "three");
    assertThat(page(HOME + "/environments/main")).contains("Roll back to commit 1");
    assertThat(get(HOME + "/diff?a=1&b=99").statusCode()).isEqualTo(400);
  }

  @Test
  void ofALargeGraphAPartIsDrawn() {
    for (int i = 0; i < 200; i++) {
      String input = i == 0 ? "numbers" : "big.t" + (i - 1);
      project.write("tables/big/t%d.sql".formatted(i), "SELECT * FROM " + input);
    }
    assertThat(page(HOME + "/graph"))
        .contains("202 tables in 2 folders", "(no folder)", "data-name=\"big\"")
        .doesNotContain("data-name=\"big.t7\"");
    assertThat(page(HOME + "/graph?table=big.t7"))
        .contains("5 tables in 2 steps around big.t7, of 202")
        .contains("data-name=\"big.t5\"", "data-name=\"big.t9\"", "steps=3")
        .doesNotContain("data-name=\"big.t10\"");
    assertThat(page(HOME)).contains("rel=\"next\"");
    assertThat(page(HOME + "?filter=big.t19")).contains("11 of 202");
  }
}

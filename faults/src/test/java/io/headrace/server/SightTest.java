package io.headrace.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.catalog.Environments;
import io.headrace.engine.Cancellation;
import io.headrace.faults.TestProject;
import io.headrace.server.access.Doorway;
import io.headrace.server.route.Route;
import io.headrace.server.runs.OngoingRun;
import io.headrace.server.runs.Order;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is kept from somebody is in no answer that he gets. */
class SightTest {
  private static final String RULES =
      """
      grants:
        - {who: "*", role: viewer, projects: [shop], environments: [main], schemas: [marts]}
        - {who: [token:masked, token:admin], role: viewer, projects: [shop]}
        - {who: token:admin, role: admin}
        - {who: token:builder, role: operator, environments: [main], schemas: [marts]}
        - {who: token:forker, role: editor, environments: ["dev*"]}
      filters:
        - table: [marts.orders, marts.kept]
          rows: region <> 'hiddenregion'
          except: token:marts
      masks:
        - {table: ["marts.o*", marts.kept], column: email, except: "token:marts"}
        - {table: ["marts.o*", marts.kept], column: Card, as: "right(card::VARCHAR, 2)", except: "token:marts"}
      """;

  /** Nothing of these may come to somebody who sees the schema {@code marts} of {@code main}. */
  private static final String[] HIDDEN = {
    "salaries", "payroll", "hiddensalary", "77123", "vault", "hiddencolumn", "paywindow"
  };

  /** Nothing of these may come to somebody for whom the table is filtered and masked. */
  private static final String[] VEILED = {
    "hiddenregion", "hidden@example.com", "seen@example.com", "4111222233334444", "99887"
  };

  @TempDir Path folder;

  @SuppressWarnings("NullAway.Init") // before each test
  private AccessSite site;

  private String run = "";
  private String broken = "";

  @BeforeEach
  void serve() {
    TestProject project =
        new TestProject(folder.resolve("shop"))
            .write(
                "headrace.yaml",
                """
                schedules:
                  nightly: {every: 1h, select: [payroll.salaries, marts.totals]}
                  paywindow: {every: 1h, environment: vault}
                """)
            .write("tables/payroll/salaries.csv", "hiddencolumn,amount\nhiddensalary,77123\n")
            .write(
                "tables/marts/orders.csv",
                """
                id,region,email,card,amount
                1,north,seen@example.com,4111222233334444,10
                2,hiddenregion,hidden@example.com,4111222233334444,99887
                3,south,seen@example.com,4111222233334444,30
                """)
            .table(
                "marts/totals", "SELECT region, sum(amount) AS total FROM marts.orders GROUP BY 1")
            .table(
                "marts/kept",
                """
                /*---
                reject: [amount < 50]
                checks: [{condition: amount < 5, severity: warn}]
                ---*/ SELECT * FROM marts.orders""")
            .table(
                "marts/mixed",
                "SELECT count(*) AS n FROM payroll.salaries -- of payroll.salaries, hiddensalary");
    site =
        new AccessSite(
            project,
            folder.resolve("access"),
            new MovableClock(),
            RULES,
            Doorway.LOOPBACK,
            route -> route);
    Environments environments = site.serving().workspace().catalog().environments();
    run = run("main").id();
    environments.create("vault", Optional.of(environments.head("main")), site.now());
    project.table("marts/broken", "SELECT CAST(hiddencolumn AS INT) AS n FROM payroll.salaries");
    broken = run("main").id();
    project.delete("tables/marts/broken.sql");
    run("vault");
  }

  private OngoingRun run(String environment) {
    Order all = Order.of("ada");
    return site.serving()
        .project()
        .run(
            new Order(
                environment,
                List.of(),
                List.of(),
                List.of(),
                new TreeMap<>(),
                io.headrace.run.RunRequest.PublishMode.READY,
                all.author(),
                "",
                "",
                Optional.empty()),
            Cancellation.never());
  }

  @AfterEach
  void stop() {
    site.close();
  }

  /** The paths of all routes that are read, about what is seen and about what is not. */
  private List<String> paths() {
    return site.routes().stream()
        .filter(route -> route.method().name().equals("GET"))
        .map(Route::path)
        .flatMap(
            path ->
                List.of(
                        "marts.orders",
                        "payroll.salaries",
                        "marts.totals",
                        "marts.mixed",
                        "salarie")
                    .stream()
                    .flatMap(
                        table ->
                            List.of(run, broken).stream()
                                .map(
                                    r ->
                                        path.replace("{project}", "shop")
                                            .replace("{environment}", "main")
                                            .replace("{run}", r)
                                            .replace("{schedule}", "nightly")
                                            .replace("{namespace}", table.replaceFirst("\\..*", ""))
                                            .replace(
                                                "{table}",
                                                path.startsWith("/iceberg")
                                                    ? table.replaceFirst(".*\\.", "")
                                                    : table)
                                            .replace("{name}", table)
                                            .replace("{file}", "headrace.css")
                                            .replace("{command}", "c1")
                                            .replace("<rest>", "shop/x"))))
        .distinct()
        .toList();
  }

  private static String without(String body, String path) {
    // What somebody asked for is said again when it is not there.
    String asked = path.contains("salarie") ? "salaries?" : "nothing-was-asked";
    return body.replaceAll("payroll\\." + asked, "")
        .replaceAll("'(salaries?|payroll)'|>salarie<", "");
  }

  @Test
  void whatIsHiddenIsInNoAnswer() {
    int seen = 0;
    for (String path : paths()) {
      site.clock().jump(java.time.Duration.ofMillis(100));
      HttpResponse<String> answer = site.get("marts", path);
      if (path.contains("payroll") || path.contains("salarie")) {
        assertThat(answer.statusCode()).as(path).isIn(200, 303, 403, 404);
      }
      assertThat(without(answer.body(), path)).as(path).doesNotContain(HIDDEN);
      seen += answer.statusCode() == 200 ? 1 : 0;
    }
    assertThat(seen).isGreaterThan(25);
  }

  @Test
  void whatIsHiddenCannotBeAskedForByOtherWords() {
    String api = "/api/v1/projects/shop";
    String page = "/projects/shop";
    for (String path :
        List.of(
            page + "?env=vault",
            page + "?env=vaul",
            page + "/search?q=hidden",
            page + "/search?q=payroll",
            page + "/words?prefix=pay",
            page + "/words?prefix=hidden&of=payroll.salaries",
            page + "/words?prefix=&of=payroll.salaries&of=marts.mixed",
            page + "/graph?table=payroll.salary",
            page + "/tables/payroll.salarie",
            page + "/environments/vaul",
            page + "/schedules/paywindo",
            page + "/diff?a=main&b=vault",
            page + "/diff?a=1&b=2",
            page + "/runs/" + broken + "/log/marts.broken",
            page + "/runs/" + broken + "/log/payroll.salarie",
            page + "/tables/marts.mixed/lineage",
            page + "/tables/marts.mixed/why",
            api + "/tables?environment=vault",
            api + "/tables?environment=main&at=99",
            api + "/runs?limit=1000",
            api + "/environments",
            api + "/schedules",
            "/iceberg/main/v1/namespaces",
            "/iceberg/vault/v1/namespaces",
            "/iceberg/main/v1/namespaces/payroll/tables")) {
      HttpResponse<String> answer = site.get("marts", path);
      String asked = path.replaceFirst(".*[=/]", "").replaceAll("[^a-z.]", "");
      String body =
          answer.body().replace(asked, "").replace("vault'", "'").replace("'payroll'", "");
      assertThat(
              body.replace(
                  "payroll.salaries", path.contains("of=payroll") ? "" : "payroll.salaries"))
          .as(path)
          .doesNotContain(HIDDEN);
    }
    for (String sql :
        List.of(
            "SELECT * FROM payroll.salaries",
            "SELECT * FROM payroll.salarys",
            "FROM salaries",
            "SELECT * FROM information_schema.tables",
            "SELECT * FROM duckdb_tables()",
            "SELECT * FROM duckdb_views()",
            "SELECT * FROM pg_catalog.pg_views",
            "SELECT * FROM sqlite_master",
            "SHOW ALL TABLES",
            "DESCRIBE payroll.salaries",
            "SUMMARIZE payroll.salaries",
            "SELECT * FROM query_table('payroll.salaries')",
            "SELECT * FROM query('FROM payroll.salaries')",
            "WITH o AS (FROM payroll.salaries) FROM o",
            "SELECT (SELECT max(amount) FROM payroll.salaries)",
            "SELECT getenv('HOME')",
            "SELECT current_setting('temp_directory')",
            "SELECT * FROM read_csv('tables/payroll/salaries.csv')",
            "SELECT * FROM 'tables/payroll/salaries.csv'",
            "SELECT * FROM read_text('access/access.yaml')",
            "SELECT * FROM glob('*')",
            "COPY (SELECT 1) TO 'x.csv'",
            "ATTACH 'x.db'",
            "PRAGMA database_list",
            "INSTALL httpfs",
            "SELECT 1; SELECT * FROM payroll.salaries")) {
      HttpResponse<String> answer = query("marts", sql);
      assertThat(answer.statusCode()).as(sql + answer.body()).isNotEqualTo(200);
      assertThat(answer.body())
          .as(sql)
          .doesNotContain("hiddencolumn", "77123", "Did you mean 'payroll");
    }
  }

  private HttpResponse<String> query(String who, String sql) {
    return site.post(
        who,
        "/api/v1/projects/shop/query",
        "{\"sql\": \"" + sql.replace("\\", "\\\\").replace("\"", "\\\"") + "\"}");
  }

  @Test
  void aFilterAndAMaskHoldWhateverIsAsked() {
    int answered = 0;
    for (String path : paths()) {
      site.clock().jump(java.time.Duration.ofMillis(100));
      if (path.contains("totals") || path.contains("mixed")) {
        continue;
      }
      HttpResponse<String> answer = site.get("masked", path);
      assertThat(answer.body()).as(path).doesNotContain(VEILED);
    }
    for (String sql :
        List.of(
            "SELECT * FROM marts.orders",
            "SELECT * FROM \\\"marts\\\".\\\"orders\\\"".replace("\\", ""),
            "WITH orders AS (SELECT * FROM marts.orders) SELECT * FROM orders",
            "SELECT o.* FROM marts.orders o JOIN marts.orders p ON o.id <> p.id",
            "SELECT max(amount), max(email), min(region), max(card) FROM marts.orders",
            "SELECT * FROM marts.orders WHERE region = 'hidden' || 'region'",
            "SELECT CAST(region AS INT) FROM marts.orders",
            "SELECT * FROM marts.orders WHERE CAST(region AS INT) = 1",
            "SELECT * FROM marts.orders WHERE CAST(email AS INT) = 1",
            "SELECT * FROM marts.orders WHERE error(region || email)",
            "SELECT error(string_agg(region || coalesce(email, ''))) FROM marts.orders",
            "SELECT * FROM marts.orders ORDER BY CAST(region AS INT)",
            "SELECT * FROM marts.orders WHERE CASE WHEN amount > 50 THEN CAST(region AS INT) END = 1",
            "SELECT 1 / (amount - 99880 - 7) FROM marts.orders",
            "SELECT rowid, * FROM marts.orders",
            "SELECT filename FROM marts.orders",
            "SUMMARIZE marts.orders",
            "SELECT COLUMNS(*) FROM marts.orders",
            "SELECT orders FROM marts.orders",
            "SELECT to_json(orders) FROM marts.orders",
            "FROM marts.orders SELECT list(region), list(card)",
            "SELECT * FROM marts.kept__rejected",
            "SELECT histogram(region) FROM marts.orders")) {
      HttpResponse<String> answer = query("masked", sql);
      assertThat(answer.body()).as(sql).doesNotContain(VEILED);
      assertThat(answer.statusCode()).as(sql + answer.body()).isIn(200, 400, 422);
      assertThat(answer.body()).as(sql).doesNotContain("do not fit it");
      answered += answer.statusCode() == 200 ? 1 : 0;
    }
    assertThat(answered).isGreaterThan(10);
    assertThat(query("masked", "SELECT id, email, card FROM marts.orders ORDER BY id").body())
        .contains("\"rows\":[[1,null,\"44\"],[3,null,\"44\"]]");
    assertThat(query("admin", "SELECT count(*) FROM marts.orders WHERE email > ''").body())
        .contains("\"rows\":[[3]]");
    assertThat(query("marts", "SELECT max(card) FROM marts.orders").body())
        .contains("4111222233334444");
  }

  @Test
  void filesOfAVeiledTableAreNotHandedOut() {
    String path = "/iceberg/main/v1/namespaces/marts/tables/orders";
    HttpResponse<String> answer = site.get("masked", path);
    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.body()).contains("ForbiddenException").doesNotContain("metadata-location");
    assertThat(site.get("marts", path).body()).contains("metadata-location");
    assertThat(site.get("masked", path.replace("orders", "kept__rejected")).statusCode())
        .isEqualTo(404);
    assertThat(site.get("marts", path.replace("orders", "kept__rejected")).statusCode())
        .isEqualTo(200);
  }

  @Test
  void aVeilThatDoesNotFitLetsNothingThrough() {
    for (String wrong :
        List.of(
            "filters: [{table: marts.orders, rows: nothing = 1}]",
            "filters: [{table: marts.orders, rows: id IN (SELECT 1)}]",
            "filters: [{table: marts.orders, rows: id > (SELECT max(amount) FROM payroll.salaries)}]",
            "filters: [{table: marts.orders, rows: random() > 0}]",
            "filters: [{table: marts.orders, rows: 'id > 0) OR (true'}]",
            "masks: [{table: marts.orders, column: email, as: getenv('HOME')}]",
            "masks: [{table: marts.orders, column: email, as: email; DROP}]")) {
      site.say("grants: [{who: '*', role: viewer}]\n" + wrong);
      Serving.await(
          () -> site.get("masked", "/api/v1/projects/shop/environments").body().contains("vault"));
      Serving.await(() -> query("masked", "SELECT count(*) FROM marts.orders").statusCode() != 200);
      HttpResponse<String> answer = query("masked", "SELECT * FROM marts.orders");
      assertThat(answer.body()).as(wrong).doesNotContain(VEILED);
      if (!wrong.contains("SELECT 1")) {
        assertThat(answer.body()).as(wrong).contains("do not fit it").doesNotContain("nothing");
      }
    }
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

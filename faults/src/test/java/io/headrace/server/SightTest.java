package io.headrace.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.server.route.Route;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is kept from somebody is in no answer that he gets. */
class SightTest {
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
    HiddenShop shop = HiddenShop.open(folder);
    site = shop.site();
    run = shop.run();
    broken = shop.broken();
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
                                            .replace("{token}", "laptop")
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
            api + "/schedules/watching",
            page + "/schedules/watching",
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
            "masks: [{table: marts.orders, column: mail}]",
            "masks: [{table: ['*', marts.orders], column: mail, as: id}]",
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
}

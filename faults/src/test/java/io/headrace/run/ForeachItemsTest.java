package io.headrace.run;

import static io.headrace.faults.TestProject.query;
import static io.headrace.faults.TestRun.task;
import static io.headrace.run.ForeachTest.foreach;
import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.faults.TestProject;
import io.headrace.faults.TestRun;
import io.headrace.workspace.Workspace;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What may name the items of a table that is made item by item, and what may not. */
class ForeachItemsTest {
  @TempDir Path folder;
  private TestProject project;

  @BeforeEach
  void makeProject() {
    project = new TestProject(folder).write("tables/shops.csv", "shop\na\nb\n");
  }

  @Test
  void valuesOfAllPlainTypesNameItems() {
    project.table(
        "kinds",
        "SELECT * FROM (VALUES (1::TINYINT, 'x''y', DATE '2026-01-02', TIMESTAMP '2026-01-02 03:04:05.5',"
            + " TIMESTAMPTZ '2026-01-02 03:04:05+02', 1.50::DECIMAL(9,2), true, TIME '10:00:00',"
            + " 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::UUID, 2::HUGEINT),"
            + " (2, '', DATE '1969-01-01', TIMESTAMP '1969-01-02 03:04:05', TIMESTAMPTZ"
            + " '2026-01-02 03:04:05.000001+00', -0.5, false, TIME '10:00:00.25',"
            + " 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a12'::UUID, 3))"
            + " AS t(a, b, c, d, e, f, g, h, i, j)");
    String sql =
        "SELECT a * 10 AS total, c + 1 AS next FROM kinds WHERE a = $a AND b = $b AND c = $c AND d ="
            + " $d AND e = $e AND f = $f AND g = $g AND h = $h AND i = $i AND j = $j";
    project.table("by_shop", foreach("SELECT * FROM kinds WHERE a < 9", sql));
    try (Workspace workspace = project.open()) {
      RunResult result = TestRun.of(workspace);
      assertThat(task(result, "by_shop").message()).isEqualTo("2 items");
      assertThat(query(workspace, "main", "SELECT a, total FROM by_shop ORDER BY ALL").toString())
          .isEqualTo("[[1, 10], [2, 20]]");
      project.table("by_shop", foreach("SELECT * FROM kinds WHERE a < 10", sql));
      assertThat(task(TestRun.of(workspace), "by_shop").message()).isEqualTo("0 of 2 items");
    }
  }

  @ParameterizedTest(name = "{2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "SELECT shop FROM shops|SELECT 1 AS Shop|tables/by_shop.sql:3:7: the query returns a column 'Shop', which `foreach` adds",
        "SELECT shop FROM shops|SELECT $shopp AS n|tables/by_shop.sql:3:14: Unknown parameter '$shopp'",
        "SELECT town FROM shops|SELECT 1 AS n|tables/by_shop.sql:2:10: `foreach`: Referenced column \"town\" not found in FROM clause",
        "SELECT shop FROM shops UNION ALL SELECT 'a'|SELECT $shop AS n|tables/by_shop.sql:2:10: `foreach` gives item shop = a twice",
        "SELECT nullif(shop, 'b') AS s FROM shops|SELECT $s AS n|tables/by_shop.sql:2:10: `foreach` gives an item without a value in column 's'",
        "SELECT 0.5::DOUBLE AS s|SELECT $s AS n|tables/by_shop.sql:2:10: column 's' of `foreach` is double, which cannot name an item",
        "SELECT [1] AS s|SELECT $s AS n|tables/by_shop.sql:2:10: column 's' of `foreach` is list<int>, which cannot name an item",
        "SELECT range AS i FROM range(10001)|SELECT $i AS n|tables/by_shop.sql:2:10: `foreach` gives more than 10,000 items",
        "SELECT 1 AS least|SELECT $least AS n|tables/by_shop.sql:2:10: '$least' is a parameter of the project and a column of `foreach`",
        "SELECT shop FROM shops|SELECT $shop::INTEGER AS n|tables/by_shop.sql:3:19: shop = a: Could not convert string 'a' to INT32 (and 1 more failed)",
      })
  void refusesWhatCannotBe(String items, String sql, String message) {
    project.write("headrace.yaml", "parameters: {least: 0}\n");
    project.table("by_shop", foreach(items, sql));
    try (Workspace workspace = project.open()) {
      TaskOutcome outcome = task(new TestRun().jobs(1).in(workspace), "by_shop");
      assertThat(outcome.message()).isEqualTo(message);
      assertThat(outcome.hint()).isNotEmpty();
      assertThat(workspace.catalog().versions().history("by_shop", 1)).isEmpty();
    }
  }
}

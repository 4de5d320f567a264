package io.headrace.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.catalog.Commit;
import io.headrace.catalog.Snapshot;
import io.headrace.catalog.Version;
import io.headrace.engine.Cancellation;
import io.headrace.engine.Session.Rows;
import io.headrace.faults.TestProject;
import io.headrace.faults.TestRun;
import io.headrace.query.Reader;
import io.headrace.rewrite.Compactor;
import io.headrace.run.RunResult;
import io.headrace.run.TaskOutcome;
import io.headrace.table.TableName;
import io.headrace.workspace.Workspace;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.iceberg.expressions.Expressions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One project with every way in which a table is made and changed. After each step Iceberg's own
 * reader and {@code headrace query} see the same rows in all tables; and at the end in all commits.
 */
class SecondReaderTest {
  /** A value of every type that tables have. */
  private static final String TYPES =
      """
      /*---
      partition_by: [kind, hour(at)]
      ---*/
      SELECT k % 2 = 0 AS flag, k AS i, k::BIGINT * 5000000000 AS l, (k / 4)::FLOAT AS f,
        CASE k WHEN 1 THEN 'NaN' WHEN 2 THEN '-Infinity' ELSE k / 8 END::DOUBLE AS d,
        (k * 1.25)::DECIMAL(9, 2) AS small, (k * -1.5)::DECIMAL(38, 3) AS large, day, NULL::INT AS nothing,
        TIME '23:59:59.25' - to_hours(k) AS t, day + TIME '01:30:00.000001' + to_hours(k % 3) AS at,
        timezone('UTC', day + to_seconds(k)) AS tz, nullif('größe ' || k % 3, 'größe 2') AS kind,
        ('\\x00\\xFF'::BLOB || encode(shop)) AS bytes,
        ('00000000-0000-4000-8000-00000000000' || k % 10)::UUID AS u,
        [k, NULL, 2] AS list, {'a': k, 'b': {'c': shop}} AS struct, MAP {shop: k} AS map
      FROM sales
      """;

  @TempDir Path folder;
  private TestProject project;
  private int files;

  @BeforeEach
  void makeProject() {
    project = new TestProject(folder);
    tables();
  }

  @Test
  void anotherReaderAgreesAfterEachStep() {
    sales("a", "2026-01-05,1,1.50", "2026-02-05,2,2.50", "2026-03-05,3,3.50");
    sales("b", "2026-01-06,4,4.50", "2026-02-06,5,");
    changes("1,Rome,2026-01-01,U", "2,Oslo,2026-01-01,U", "3,Kyiv,2026-01-01,U");
    try (Workspace workspace = project.open()) {
      agreeAfter("the first run", workspace, new TestRun());
      sales("a", "2026-03-31,6,6.00");
      sales("c", "1969-12-31,7,7.00");
      agreeAfter("new files", workspace, new TestRun());
      changes("1,Pisa,2026-01-02,U", "2,Oslo,2026-01-03,D", "4,Nice,2026-01-02,U");
      agreeAfter("updates and deletes", workspace, new TestRun());
      changes("1,Bari,2026-01-01T12:00:00,U", "2,Oslo,2026-01-05,U", "3,Kyiv,2026-01-02,D");
      agreeAfter("late ones", workspace, new TestRun());
      project.write("tables/customers.csv", "id,city\n1,Pisa\n3,Kyiv\n");
      agreeAfter("another state", workspace, new TestRun());
      project.write("tables/shops.csv", "shop\nb\nc\n");
      agreeAfter("other items", workspace, new TestRun());
      sales("b", "2026-01-01,8,100.00");
      agreeAfter("a late row", workspace, new TestRun());
      agreeAfter("a backfill", workspace, new TestRun().backfill("running", "2026-02", "2026-03"));
      evolve();
      agreeAfter("new columns", workspace, new TestRun().forward("marked", "latest"));
      sales("c", "2026-04-01,9,9.00");
      changes("5,Rome,2026-01-06,U", "1,Lima,2026-01-07,U");
      agreeAfter("rows of the new columns", workspace, new TestRun());
      for (int i = 0; i < 8; i++) {
        sales("b", "2026-05-0%d,%d,1.00".formatted(i + 1, 10 + i));
        changes("%d,Rome,2026-02-0%d,U".formatted(10 + i, i + 1));
        TestRun.of(workspace);
      }
      assertThat(compactAll(workspace)).contains("sales", "changes", "marked");
      agree("a compaction", workspace, head(workspace));
      sales("b", "2026-05-10,30,1.00");
      changes("10,Oslo,2026-02-10,D");
      agreeAfter("rows behind a compaction", workspace, new TestRun());
      for (Commit commit : workspace.catalog().environments().log("main", Integer.MAX_VALUE)) {
        Snapshot past = workspace.catalog().environments().at(commit.id());
        agree("all: commit " + commit.id(), workspace, past);
      }
    }
  }

  private void tables() {
    project
        .write(
            "tables/sales.yaml",
            """
            files: data/{shop}-*.csv
            columns: {day: date, k: int, price: "decimal(9, 2)"}
            partition_by: shop
            incremental: append
            """)
        .table("types", TYPES)
        .table(
            "daily",
            "/*---\npartition_by: [month(day), shop]\n---*/"
                + " SELECT shop, day, sum(price) AS price FROM sales GROUP BY ALL")
        .table("yearly", "/*---\npartition_by: year(day)\n---*/ SELECT day, k FROM sales")
        .table(
            "days",
            "/*---\npartition_by: month(day)\nincremental: {append: sales}\n---*/"
                + " SELECT day, price FROM sales")
        .table(
            "running",
            "/*---\npartition_by: month(day)\nlookback: 0\n---*/"
                + " SELECT day, sum(price) OVER (ORDER BY day) AS s FROM days")
        .table("marked", marked("'old' AS made, k::INT AS k"))
        .write("tables/changes.yaml", "files: log/*.csv\nincremental: append\n")
        .table("latest", latest("partition_by: city", "id, city, moment, op"))
        .table("newest", latest("", "*"))
        .table("buckets", latest("partition_by: bucket(4, id)", "*"))
        .table(
            "history",
            "/*---\nhistory: {key: id, valid_from: moment, deleted_when: op = 'D'}\n---*/"
                + " SELECT * FROM changes")
        .write("tables/customers.csv", "id,city\n1,Rome\n2,Oslo\n")
        .table("states", "/*---\nhistory: {key: id, track: city}\n---*/ SELECT * FROM customers")
        .write("tables/shops.csv", "shop\na\nb\n")
        .table(
            "by_shop",
            "/*---\nforeach: FROM shops\n---*/"
                + " SELECT count(*) AS n, max(day) AS last FROM sales WHERE shop = $shop");
  }

  /** Adds columns, renames one, widens another and moves a third. */
  private void evolve() {
    project
        .table(
            "marked",
            marked("shop, k::BIGINT AS k, 'new' AS name, {'a': price} AS more")
                .replace("---*/", "renamed: {name: made}\n---*/"))
        .table("latest", latest("partition_by: city", "'new' AS added, id, moment, city, op"));
  }

  private static String marked(String columns) {
    return "/*---\nincremental: {append: sales}\n---*/ SELECT %s FROM sales".formatted(columns);
  }

  private static String latest(String more, String columns) {
    return "/*---\nincremental: {key: id, latest_by: moment, deleted_when: op = 'D'}\n%s\n---*/ SELECT %s FROM changes"
        .formatted(more, columns);
  }

  private void sales(String shop, String... lines) {
    String file = "data/%s-%03d.csv".formatted(shop, files++);
    project.write(file, "day,k,price\n" + String.join("\n", lines) + "\n");
  }

  private void changes(String... lines) {
    String file = "log/%03d.csv".formatted(files++);
    project.write(file, "id,city,moment,op\n" + String.join("\n", lines) + "\n");
  }

  private static List<String> compactAll(Workspace workspace) {
    List<String> compacted = new ArrayList<>();
    head(workspace)
        .versions()
        .forEach(
            (table, id) -> {
              Version version = workspace.catalog().versions().find(id).orElseThrow();
              if (new Compactor(workspace).compact(version, Cancellation.never()).isPresent()) {
                compacted.add(table.toString());
              }
            });
    return compacted;
  }

  private static Snapshot head(Workspace workspace) {
    return workspace.catalog().environments().head("main");
  }

  private static void agreeAfter(String step, Workspace workspace, TestRun run) {
    RunResult result = run.in(workspace);
    assertThat(result.tasks()).as(step).allMatch(TaskOutcome::isGood);
    assertThat(result.commit()).as(step).isPresent();
    agree(step, workspace, head(workspace));
  }

  private static void agree(String step, Workspace workspace, Snapshot snapshot) {
    try (Reader reader = new Reader(workspace, snapshot)) {
      for (TableName table : snapshot.versions().keySet()) {
        Rows rows = reader.query("FROM " + table, Long.MAX_VALUE, Cancellation.never());
        SecondReader second = new SecondReader(reader.version(table).metadataLocation());
        String where = "%s, table %s".formatted(step, table);
        assertThat(second.rows()).as(where).isEqualTo(texts(rows.values())).isNotEmpty();
        agreeOnEachValue(where, rows, second);
      }
    }
  }

  /** A condition lets the other reader leave out files by their partitions and bounds. */
  private static void agreeOnEachValue(String where, Rows rows, SecondReader second) {
    for (int i = 0; i < rows.columns().size(); i++) {
      int index = i;
      String column = rows.columns().get(i).name();
      Optional<Object> found =
          rows.values().stream().map(row -> row.get(index)).filter(Objects::nonNull).findFirst();
      if (found.flatMap(SecondReaderTest::literal).isPresent()) {
        Object value = found.get();
        List<List<Object>> same =
            rows.values().stream()
                .filter(row -> SecondReader.text(value).equals(SecondReader.text(row.get(index))))
                .toList();
        assertThat(second.rows(Expressions.equal(column, literal(value).get())))
            .as("%s, %s = %s", where, column, value)
            .isEqualTo(texts(same));
      }
    }
  }

  /** The value as a condition of Iceberg's takes it. */
  private static Optional<Object> literal(Object value) {
    if (value instanceof List || value instanceof Map || value.equals(Double.NaN)) {
      return Optional.empty();
    }
    if (value instanceof byte[] bytes) {
      return Optional.of(ByteBuffer.wrap(bytes));
    }
    boolean isItself = value instanceof Number || value instanceof Boolean;
    return Optional.of(isItself ? value : value.toString());
  }

  private static List<String> texts(List<List<Object>> rows) {
    return rows.stream().map(SecondReader::text).sorted().toList();
  }
}

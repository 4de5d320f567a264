package io.headrace.run;

import static io.headrace.faults.TestProject.query;
import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.faults.Seed;
import io.headrace.faults.TestProject;
import io.headrace.faults.TestRun;
import io.headrace.workspace.Workspace;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records of files that are rejected: each is in one of the two tables, wherever it stands. */
class RejectedRecordsTest {
  private static final int RECORDS = 100_000;
  private static final String COLUMNS =
      "columns: {id: BIGINT, n: INTEGER, d: \"DECIMAL(9, 2)\", day: DATE, note: VARCHAR}\n";

  /** What is wrong with a CSV record, for an id. */
  private static final List<String> BAD_CSV =
      List.of(
          "%d,1,2.50,2026-01-01",
          "%d,1,2.50,2026-01-01,x,y",
          "%d,one,2.50,2026-01-01,x",
          "%d,1.5,2.50,2026-01-01,x",
          "%d,3000000000,2.50,2026-01-01,x",
          "%d,1,2.505,2026-01-01,x",
          "%d,1,12345678.00,2026-01-01,x",
          "%d,1,2.50,2026-02-30,x",
          "%d,1,2.50,01.02.2026,x",
          "%d,1,2.50,2026-01-01,\"open",
          "%d,1,2.50,2026-01-01,\"shut\"x",
          "%d99999999999999999999,1,2.50,2026-01-01,x",
          "%d,1,2.50,2026-01-01,\"a\nb",
          "%d",
          "%d,-1,2.50,2026-01-01,x");

  private static final List<String> BAD_JSON =
      List.of(
          "{\"id\": %d, \"n\": 1",
          "[%d]",
          "%d",
          "\"%d\"",
          "{\"id\": %d, \"n\": \"one\"}",
          "{\"id\": %d, \"n\": 1.5}",
          "{\"id\": %d, \"n\": 3000000000}",
          "{\"id\": %d, \"d\": 2.505}",
          "{\"id\": %d, \"day\": \"2026-02-30\"}",
          "{\"id\": %d, \"day\": \"now\"}",
          "{\"id\": %d, \"n\": {}}",
          "{\"id\": %d} {}",
          "{\"id\": %d, \"n\": -1}");

  @TempDir Path folder;
  private TestProject project;

  @BeforeEach
  void makeProject() {
    project = new TestProject(folder);
  }

  /** A record, and what shall be told of it if it is bad. */
  private record Bad(long position, String raw) {}

  @Test
  void aLineWithoutAnEndIsNoRecord() throws IOException {
    project.write("tables/lines.yaml", "files: lines.csv\ncolumns: {id: VARCHAR}\nreject: []\n");
    Files.write(project.root().resolve("lines.csv"), bytes("id\n" + "x".repeat(17 << 20)));
    try (Workspace workspace = project.open()) {
      assertThat(TestRun.task(TestRun.of(workspace), "lines").message())
          .contains("Line 2 of '")
          .endsWith("lines.csv' has more than 16 MB");
    }
  }

  @Test
  void everyRecordOfCsvIsThereOnce() throws IOException {
    Seed seed = new Seed(RejectedRecordsTest.class);
    SplittableRandom random = seed.random(1);
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    text.writeBytes(bytes("id,n,d,day,note\n"));
    List<Bad> bad = new ArrayList<>();
    long line = 2;
    long good = 0;
    for (int i = 0; i < RECORDS; i++) {
      String record;
      if (random.nextInt(100) == 0) {
        int kind = random.nextInt(BAD_CSV.size() + 1);
        if (kind == BAD_CSV.size()) {
          bad.add(new Bad(line, "\\xff\\x2c"));
          text.write(0xff);
          record = ",";
        } else {
          record = BAD_CSV.get(kind).formatted(i);
          bad.add(new Bad(line, record.lines().findFirst().orElseThrow()));
          if (record.indexOf('\n') > 0) {
            bad.add(new Bad(line + 1, "b"));
          }
        }
      } else {
        record =
            "%d,%s,%d.%02d,2026-01-%02d,%s"
                .formatted(
                    i,
                    random.nextInt(5) == 0 ? "" : random.nextInt(1000),
                    random.nextInt(1000),
                    random.nextInt(100),
                    1 + random.nextInt(28),
                    List.of("", "é", "\"x, \"\"y\"\"\"", "\"two\nlines\"").get(random.nextInt(4)));
        good++;
      }
      text.writeBytes(bytes(record + (random.nextInt(3) == 0 ? "\r\n" : "\n")));
      line += record.lines().count();
    }
    Files.createDirectories(folder.resolve("data"));
    Files.write(folder.resolve("data/all.csv"), text.toByteArray());
    project.write(
        "tables/r.yaml", "files: data/*.csv\n" + COLUMNS + "reject: [n IS NULL OR n >= 0]\n");
    try (Workspace workspace = project.open()) {
      RunResult run = TestRun.of(workspace);
      assertThat(run.isGood()).as(run.tasks().toString()).isTrue();
      requireRejected(workspace, bad, "data/all.csv", seed);
      assertThat(query(workspace, "main", "SELECT count(*), count(DISTINCT id) FROM r"))
          .as(seed.toString())
          .hasToString("[[%1$d, %1$d]]".formatted(good));
      assertThat(query(workspace, "main", "SELECT DISTINCT note FROM r ORDER BY note NULLS FIRST"))
          .hasToString("[[null], [two\nlines], [x, \"y\"], [é]]");
    }
  }

  private static void requireRejected(
      Workspace workspace, List<Bad> bad, String source, Seed seed) {
    List<Bad> found = new ArrayList<>();
    for (List<Object> row :
        query(
            workspace,
            "main",
            "SELECT position, raw, source, reason FROM r__rejected ORDER BY 1")) {
      found.add(new Bad((Long) row.get(0), String.valueOf(row.get(1))));
      assertThat(row.get(2)).isEqualTo(source);
      assertThat((String) row.get(3)).isNotEmpty();
    }
    assertThat(found).as(seed.toString()).isEqualTo(bad);
  }

  @Test
  void everyRecordOfJsonIsThereOnce() throws IOException {
    Seed seed = new Seed(RejectedRecordsTest.class);
    SplittableRandom random = seed.random(2);
    StringBuilder text = new StringBuilder();
    List<Bad> bad = new ArrayList<>();
    for (int i = 0; i < RECORDS; i++) {
      String record =
          "{\"id\": %d, \"n\": %s, \"d\": %d.5, \"day\": \"2026-01-02\", \"note\": %s}"
              .formatted(
                  i,
                  random.nextInt(5) == 0 ? "null" : random.nextInt(1000),
                  random.nextInt(1000),
                  List.of("null", "\"é\"", "{\"a\": [1]}").get(random.nextInt(3)));
      if (random.nextInt(100) == 0) {
        record = BAD_JSON.get(random.nextInt(BAD_JSON.size())).formatted(i);
        bad.add(new Bad(i + 1L, record));
      }
      text.append(record).append('\n');
    }
    project.write("data/all.ndjson", text.toString());
    project.write(
        "tables/r.yaml",
        "files: data/*.ndjson\n" + COLUMNS + "reject: {rules: [n >= 0], at_most: 2%}\n");
    try (Workspace workspace = project.open()) {
      RunResult run = TestRun.of(workspace);
      assertThat(run.isGood()).as(run.tasks().toString()).isTrue();
      requireRejected(workspace, bad, "data/all.ndjson", seed);
      assertThat(query(workspace, "main", "SELECT count(*), count(DISTINCT id) FROM r"))
          .as(seed.toString())
          .hasToString("[[%1$d, %1$d]]".formatted(RECORDS - bad.size()));
      assertThat(query(workspace, "main", "SELECT DISTINCT note FROM r ORDER BY note NULLS FIRST"))
          .hasToString("[[null], [{\"a\":[1]}], [é]]");
    }
  }

  @Test
  void newFilesAreAddedAndPathsGiveColumns() {
    project
        .write("data/a.csv", "id,n\n1,2\n")
        .write(
            "tables/r.yaml",
            "files: data/{part}.csv\nincremental: append\ncolumns: {id: BIGINT, n: INTEGER}\nreject: []\n");
    try (Workspace workspace = project.open()) {
      TestRun.of(workspace);
      project.write("data/b.csv", "n,id\nx,3\n4,5\n");
      RunResult second = TestRun.of(workspace);
      assertThat(TestRun.task(second, "r").message()).isEqualTo("new rows");
      assertThat(TestRun.task(second, "r__rejected").message()).isEqualTo("new rows");
      assertThat(query(workspace, "main", "SELECT id, n, part FROM r ORDER BY id"))
          .hasToString("[[1, 2, a], [5, 4, b]]");
      assertThat(query(workspace, "main", "SELECT source, position, raw FROM r__rejected"))
          .hasToString("[[data/b.csv, 2, x,3]]");
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}

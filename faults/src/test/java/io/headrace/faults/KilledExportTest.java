package io.headrace.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.workspace.Workspace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} at random moments of deliveries: readers see one version or the other, and the
 * next delivery brings the rest.
 */
class KilledExportTest {
  private static final int KILLS = Math.max(5, Integer.getInteger("headrace.kills", 40) / 8);
  private static final int ROWS = 20_000;

  @TempDir Path folder;

  @Test
  void aKilledDeliveryLeavesTheOldRowsAndTheNextOneDeliversExactly() throws Exception {
    Seed seed = new Seed(KilledExportTest.class);
    TestProject project =
        new TestProject(folder)
            .write("headrace.yaml", "connections: {shop: {url: 'jdbc:sqlite:shop.db'}}\n")
            .write("exports/swapped.yaml", "table: t\ndatabase: shop\ninto: swapped\n")
            .write(
                "exports/keyed.yaml",
                "table: t\ndatabase: shop\ninto: keyed\nmode: upsert\nkey: id\n")
            .write("exports/file.yaml", "table: t\nfile: out/t.csv\n");
    try (Connection connection = connection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE other (id INTEGER)");
    }
    edit(project, 0);
    publish(project);
    Duration usual = export(project);
    assertDelivered(0, "the first one");
    int partly = 0;
    for (int i = 1; i <= KILLS; i++) {
      edit(project, i);
      publish(project);
      String where = "kill %d, %s".formatted(i, seed);
      try (Child child = start(project)) {
        Thread.sleep(seed.random(i).nextLong(usual.toMillis() + 1));
        child.kill();
      }
      assertWhole("swapped", i, where);
      assertWhole("keyed", i, where);
      partly += sum("swapped") == expected(i) ? 0 : 1;
      Duration unused = export(project);
      assertDelivered(i, where);
    }
    System.out.printf("%d kills of deliveries: %d before the first swap%n", KILLS, partly);
  }

  private static void edit(TestProject project, int number) {
    project.table(
        "t",
        "SELECT range::BIGINT AS id, CASE WHEN range %% 10 = 0 THEN %1$d ELSE 0 END::BIGINT AS n, repeat('x', 100) AS filler FROM range(%1$d, %1$d + %2$d)"
            .formatted(number, ROWS));
  }

  private static long expected(int number) {
    long count = 0;
    for (int id = number; id < number + ROWS; id++) {
      count += id % 10 == 0 ? 1 : 0;
    }
    return count * number;
  }

  private void publish(TestProject project) {
    try (Workspace workspace = project.open()) {
      assertThat(TestRun.of(workspace).isGood()).isTrue();
    }
  }

  private Child start(TestProject project) {
    return ChildJvms.prepared()
        .start(project.root(), "io.headrace.cli.Main", "export", "--memory", "200MB");
  }

  private Duration export(TestProject project) {
    long began = System.nanoTime();
    try (Child child = start(project)) {
      assertThat(child.finish()).as(child.errors() + child.output()).isZero();
      return Duration.ofNanos(System.nanoTime() - began);
    }
  }

  private Connection connection() throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("shop.db"));
  }

  private long number(String sql) throws SQLException {
    try (Connection connection = connection();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      return result.getLong(1);
    }
  }

  private long sum(String table) throws SQLException {
    return number("SELECT sum(n) FROM " + table);
  }

  /** The rows are those of this edit or of the one before. */
  private void assertWhole(String table, int edit, String where) throws SQLException {
    assertThat(number("SELECT count(*) FROM " + table)).as(where).isEqualTo(ROWS);
    long first = number("SELECT min(id) FROM " + table);
    assertThat(first).as(where).isIn((long) edit, edit - 1L);
    assertThat(sum(table)).as(where).isEqualTo(expected((int) first));
  }

  private void assertDelivered(int edit, String where) throws Exception {
    for (String table : new String[] {"swapped", "keyed"}) {
      assertWhole(table, edit, where);
      assertThat(number("SELECT min(id) FROM " + table)).as(where).isEqualTo(edit);
    }
    try (Stream<String> lines = Files.lines(folder.resolve("out/t.csv"))) {
      long n = lines.skip(1).mapToLong(KilledExportTest::second).sum();
      assertThat(n).as(where).isEqualTo(expected(edit));
    }
  }

  /** The number in the second column. */
  private static long second(String line) {
    return Long.parseLong(line.substring(line.indexOf(',') + 1, line.lastIndexOf(',')));
  }
}

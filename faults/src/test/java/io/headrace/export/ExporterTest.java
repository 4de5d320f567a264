package io.headrace.export;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.engine.Cancellation;
import io.headrace.export.ExportOutcome.Kind;
import io.headrace.faults.TestProject;
import io.headrace.faults.TestRun;
import io.headrace.maintain.Garbage;
import io.headrace.project.Export;
import io.headrace.publish.Rollback;
import io.headrace.workspace.Workspace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is delivered of real versions, in every mode. */
class ExporterTest {
  private static final String SECRET = "canary-91c4";
  private static final int STEPS = 40;

  @TempDir Path folder;
  private TestProject project;
  private final TreeMap<Integer, String> rows = new TreeMap<>(Map.of(1, "a", 2, "b"));

  @BeforeEach
  void makeProject() {
    project =
        new TestProject(folder.resolve("project"))
            .write(
                "headrace.yaml",
                "connections: {shop: {url: 'jdbc:sqlite:shop.db', password: {file: secret}}}\n")
            .write("secret", SECRET + "\n")
            .write("exports/swapped.yaml", export("swapped", ""))
            .write("exports/keyed.yaml", export("keyed", "mode: upsert\nkey: id\n"))
            .write("exports/appended.yaml", export("appended", "mode: append\notherwise: swap\n"))
            .write("exports/strict.yaml", export("strict", "mode: append\n"))
            .write("exports/file.yaml", "table: orders\nfile: out/orders.csv\n");
    writeRows();
    sql("CREATE TABLE other (id INTEGER)");
  }

  private static String export(String into, String more) {
    return "table: orders\ndatabase: shop\ninto: %s\n%s".formatted(into, more);
  }

  private void writeRows() {
    project.write(
        "tables/orders.csv",
        rows.entrySet().stream()
            .map(row -> row.getKey() + "," + row.getValue() + "\n")
            .collect(Collectors.joining("", "id,note\n", "")));
  }

  private Connection connection() throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + project.root().resolve("shop.db"));
  }

  private void sql(String statement) {
    try (Connection connection = connection();
        Statement each = connection.createStatement()) {
      each.executeUpdate(statement);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private List<String> list(String query) {
    List<String> found = new ArrayList<>();
    try (Connection connection = connection();
        Statement each = connection.createStatement();
        ResultSet result = each.executeQuery(query)) {
      while (result.next()) {
        found.add(result.getString(1));
      }
      return found;
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private List<String> delivered(String table) {
    return list("SELECT id || ',' || note FROM " + table + " ORDER BY id, note");
  }

  private List<String> expected() {
    return rows.entrySet().stream().map(row -> row.getKey() + "," + row.getValue()).toList();
  }

  private static ExportOutcome deliver(Workspace workspace, String name) {
    Export export = workspace.readProject().exports().get(name);
    return new Exporter(workspace).deliver(requireNonNull(export), Cancellation.never());
  }

  private static String told(ExportOutcome outcome) {
    return outcome.kind() == Kind.DELIVERED
        ? outcome.rows() + " " + outcome.message()
        : outcome.kind() + outcome.message();
  }

  @Test
  void writesOnlyWhatChanged() {
    try (Workspace workspace = project.open()) {
      TestRun.of(workspace);
      for (String name : List.of("swapped", "keyed", "appended", "strict", "file")) {
        assertThat(told(deliver(workspace, name))).isEqualTo("2 all rows");
        assertThat(told(deliver(workspace, name))).isEqualTo("current");
      }
      sql("CREATE TABLE log (what TEXT)");
      for (String table : List.of("keyed", "appended")) {
        sql(
            "CREATE TRIGGER d_%1$s AFTER DELETE ON %1$s BEGIN INSERT INTO log VALUES ('%1$s -' || old.id); END"
                .formatted(table));
        sql(
            "CREATE TRIGGER i_%1$s AFTER INSERT ON %1$s BEGIN INSERT INTO log VALUES ('%1$s +' || new.id); END"
                .formatted(table));
      }
      rows.put(3, "c");
      writeRows();
      TestRun.of(workspace);
      assertThat(told(deliver(workspace, "appended"))).isEqualTo("1 new rows");
      assertThat(told(deliver(workspace, "strict"))).isEqualTo("1 new rows");
      rows.put(2, "changed");
      rows.remove(1);
      writeRows();
      TestRun.of(workspace);
      assertThat(told(deliver(workspace, "keyed"))).isEqualTo("2 rows of keys that changed");
      assertThat(delivered("keyed")).isEqualTo(expected());
      assertThat(list("SELECT what FROM log ORDER BY rowid"))
          .containsExactlyInAnyOrder("appended +3", "keyed -1", "keyed -2", "keyed +2", "keyed +3");
      ExportOutcome strict = deliver(workspace, "strict");
      assertThat(strict.kind()).isEqualTo(Kind.FAILED);
      assertThat(strict.message()).endsWith("'orders' changed otherwise than by new rows");
      assertThat(strict.hint()).contains("otherwise: swap");
      assertThat(delivered("strict")).hasSize(3);
    }
  }

  @Test
  void whatIsThereIsTheVersionAfterAnyHistory() {
    SplittableRandom random = new SplittableRandom(20261123);
    try (Workspace workspace = project.open()) {
      for (int step = 0; step < STEPS; step++) {
        for (int edits = random.nextInt(4); edits >= 0; edits--) {
          int id = random.nextInt(8);
          if (random.nextBoolean() || rows.size() == 1) {
            rows.put(id, "n" + random.nextInt(3));
          } else if (rows.size() > 1) {
            rows.remove(id == 0 ? rows.firstKey() : id);
          }
        }
        writeRows();
        TestRun.of(workspace);
        for (String name : List.of("swapped", "keyed", "appended")) {
          if (random.nextInt(3) > 0) {
            assertThat(deliver(workspace, name).kind()).isIn(Kind.DELIVERED, Kind.CURRENT);
            assertThat(delivered(name)).as("step %d of %s", step, name).isEqualTo(expected());
          }
        }
        if (random.nextInt(8) == 0) {
          new Garbage(workspace).collect(Duration.ZERO, false);
        }
      }
    }
  }

  @Test
  void aKeyThatIsAnotherThanBeforeLeavesNothingBehind() {
    project.write("tables/orders.csv", "id,note\n1,a\n1,b\n2,c\n");
    try (Workspace workspace = project.open()) {
      TestRun.of(workspace);
      assertThat(told(deliver(workspace, "swapped"))).isEqualTo("3 all rows");
      project.write("exports/swapped.yaml", export("swapped", "mode: upsert\nkey: id\n"));
      ExportOutcome twice = deliver(workspace, "swapped");
      assertThat(told(twice)).isEqualTo("current");
      project.write("tables/orders.csv", "id,note\n1,a\n2,c\n");
      TestRun.of(workspace);
      assertThat(told(deliver(workspace, "swapped"))).isEqualTo("1 rows of keys that changed");
      assertThat(delivered("swapped")).containsExactly("1,a", "2,c");
    }
  }

  @Test
  void appendingFromAVersionThatIsGoneIsRefused() {
    try (Workspace workspace = project.open()) {
      TestRun.of(workspace);
      for (String name : List.of("strict", "keyed")) {
        assertThat(told(deliver(workspace, name))).isEqualTo("2 all rows");
      }
      rows.put(3, "c");
      writeRows();
      TestRun.of(workspace);
      new Garbage(workspace).collect(Duration.ZERO, false);
      assertThat(deliver(workspace, "strict").message()).contains("was deleted by `headrace gc`");
      assertThat(told(deliver(workspace, "keyed"))).isEqualTo("3 all rows");
      assertThat(delivered("keyed")).isEqualTo(expected());
    }
  }

  @Test
  void aRollbackDeliversTheOldVersion() throws IOException {
    try (Workspace workspace = project.open()) {
      long first = TestRun.of(workspace).commit().orElseThrow();
      List<String> then = expected();
      rows.put(2, "changed");
      writeRows();
      TestRun.of(workspace);
      for (String name : List.of("swapped", "keyed", "file")) {
        assertThat(deliver(workspace, name).kind()).isEqualTo(Kind.DELIVERED);
      }
      assertThat(
              new Rollback(workspace.catalog())
                  .rollback("main", Optional.of(first), Set.of(), "ada", Instant.now())
                  .commit())
          .isPresent();
      for (String name : List.of("swapped", "keyed", "file")) {
        assertThat(deliver(workspace, name).kind()).isEqualTo(Kind.DELIVERED);
      }
      assertThat(delivered("swapped")).isEqualTo(then);
      assertThat(delivered("keyed")).isEqualTo(then);
      assertThat(Files.readAllLines(project.root().resolve("out/orders.csv")))
          .containsExactly("id,note", "1,a", "2,b");
    }
  }

  @Test
  void severalAtOnceEndAtTheNewestVersion() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try (Workspace workspace = project.open()) {
      TestRun.of(workspace);
      for (int round = 0; round < 15; round++) {
        List<Future<ExportOutcome>> all = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
          String name = i % 2 == 0 ? "keyed" : "file";
          all.add(threads.submit(() -> deliver(workspace, name)));
        }
        rows.put(9, "round" + round);
        writeRows();
        TestRun.of(workspace);
        for (int i = 0; i < 2; i++) {
          String name = i % 2 == 0 ? "keyed" : "file";
          all.add(threads.submit(() -> deliver(workspace, name)));
        }
        for (Future<ExportOutcome> each : all) {
          assertThat(each.get().kind()).as(each.get().message()).isNotEqualTo(Kind.FAILED);
        }
        assertThat(delivered("keyed")).isEqualTo(expected());
        assertThat(Files.readString(project.root().resolve("out/orders.csv")))
            .endsWith("9,round" + round + "\n");
      }
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void aFileThatSomebodyChangedIsWrittenAgain() throws IOException {
    try (Workspace workspace = project.open()) {
      TestRun.of(workspace);
      assertThat(deliver(workspace, "file").kind()).isEqualTo(Kind.DELIVERED);
      project.write("out/orders.csv", "broken");
      assertThat(new Exporter(workspace).mayBeDue(exportOf(workspace, "file"))).isTrue();
      assertThat(deliver(workspace, "file").kind()).isEqualTo(Kind.DELIVERED);
      assertThat(Files.readAllLines(project.root().resolve("out/orders.csv"))).hasSize(3);
      try (Stream<Path> files = Files.list(project.root().resolve("out"))) {
        assertThat(files.map(file -> file.getFileName().toString()))
            .containsExactlyInAnyOrder("orders.csv", ".orders.csv.headrace");
      }
    }
  }

  @Test
  void noteOfAnotherPlaceIsNotBelieved() {
    try (Workspace workspace = project.open()) {
      TestRun.of(workspace);
      Exporter exporter = new Exporter(workspace);
      assertThat(exporter.mayBeDue(exportOf(workspace, "swapped"))).isTrue();
      assertThat(deliver(workspace, "swapped").kind()).isEqualTo(Kind.DELIVERED);
      assertThat(exporter.mayBeDue(exportOf(workspace, "swapped"))).isFalse();
      project.write("exports/swapped.yaml", export("elsewhere", ""));
      assertThat(exporter.mayBeDue(exportOf(workspace, "swapped"))).isTrue();
    }
  }

  @Test
  void secretsAreNowhere() throws IOException {
    try (Workspace workspace = project.open()) {
      TestRun.of(workspace);
      assertThat(deliver(workspace, "swapped").kind()).isEqualTo(Kind.DELIVERED);
      sql("DROP TABLE headrace_exports");
      ExportOutcome failed = deliver(workspace, "swapped");
      assertThat(failed.kind()).isEqualTo(Kind.FAILED);
      assertThat(failed.message() + failed.hint() + failed).doesNotContain(SECRET);
    }
    try (Stream<Path> files = Files.walk(project.root())) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (!file.endsWith("secret")) {
          String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
          assertThat(text).as(file.toString()).doesNotContain(SECRET);
        }
      }
    }
  }

  private static Export exportOf(Workspace workspace, String name) {
    return requireNonNull(workspace.readProject().exports().get(name));
  }
}

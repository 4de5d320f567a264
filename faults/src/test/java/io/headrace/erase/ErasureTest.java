package io.headrace.erase;

import static io.headrace.faults.TestProject.query;
import static io.headrace.faults.TestRun.kinds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.catalog.Environment;
import io.headrace.catalog.Snapshot;
import io.headrace.catalog.Version;
import io.headrace.engine.Cancellation;
import io.headrace.engine.Query;
import io.headrace.engine.Session;
import io.headrace.error.ConflictException;
import io.headrace.error.UsageException;
import io.headrace.faults.TestProject;
import io.headrace.faults.TestRun;
import io.headrace.maintain.Doctor;
import io.headrace.maintain.Garbage;
import io.headrace.publish.Rollback;
import io.headrace.rewrite.Compactor;
import io.headrace.run.RunEvent;
import io.headrace.table.TableName;
import io.headrace.workspace.Workspace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows that are erased are nowhere, and nothing else is missing. */
class ErasureTest {
  private static final String NAME = "Zebulon-Quagga";

  @TempDir Path folder;
  private TestProject project;

  @BeforeEach
  void makeProject() {
    project =
        new TestProject(folder)
            .write("tables/users.yaml", "files: data/*.csv\nincremental: append\n")
            .write("data/a.csv", "id,name\n1,Ada\n42,%s\n".formatted(NAME))
            .write("data/b.csv", "id,name\n2,Bob\n")
            .table("mails", "/*---\nchecks: [{not_null: name}]\n---*/ SELECT id, name FROM users")
            .table("shouted", "SELECT id, upper(name) AS name FROM mails")
            .table("total", "SELECT count(*) AS n FROM users");
  }

  private static Found find(Workspace workspace, String condition, String... tables) {
    TreeSet<TableName> names = new TreeSet<>();
    Stream.of(tables).map(TableName::parse).forEach(names::add);
    return new Erasure(workspace).find(names, condition, Cancellation.never());
  }

  private static Found erase(Workspace workspace, String condition, String... tables) {
    Found found = find(workspace, condition, tables);
    new Erasure(workspace).erase(found, Cancellation.never());
    return found;
  }

  private static String rows(Workspace workspace, Snapshot snapshot, String table) {
    return query(workspace, snapshot, "SELECT id FROM %s ORDER BY id".formatted(table)).toString();
  }

  @Test
  void rowsAreGoneFromEveryEnvironmentAndItsHistory() throws IOException {
    try (Workspace workspace = project.open()) {
      long first = TestRun.of(workspace).commit().orElseThrow();
      workspace
          .catalog()
          .environments()
          .create(
              "dev",
              Optional.of(workspace.catalog().environments().at(first)),
              workspace.clock().instant());
      project.write("data/c.csv", "id,name\n3,Cyd\n");
      TestRun.of(workspace);
      String head = version(workspace, "users").id();
      workspace.catalog().environments().pin(head, workspace.clock().instant());
      assertThat(places(workspace)).isNotEmpty();

      Found found = erase(workspace, "id = 42 -- the person", "users", "mails", "shouted");
      assertThat(found.affected()).hasSize(6);
      assertThat(found.derived()).extracting(d -> d.table().toString()).containsExactly("total");
      assertThat(found.files()).contains("data/a.csv");

      for (Environment environment : workspace.catalog().environments().list()) {
        Snapshot now = workspace.catalog().environments().head(environment.name());
        boolean isMain = environment.name().equals("main");
        for (String table : List.of("users", "mails", "shouted")) {
          assertThat(rows(workspace, now, table))
              .isEqualTo(isMain ? "[[1], [2], [3]]" : "[[1], [2]]");
        }
      }
      Snapshot past = workspace.catalog().environments().at(first);
      assertThat(rows(workspace, past, "shouted")).isEqualTo("[[1], [2]]");
      assertThat(workspace.catalog().environments().pins())
          .containsExactly(version(workspace, "users").id())
          .doesNotContain(head);
      assertThat(new Doctor(workspace).examine().problems()).isEmpty();

      assertThat(places(workspace)).isNotEmpty();
      new Garbage(workspace).collect(Duration.ofDays(30), false);
      assertThat(places(workspace)).isEmpty();
      assertThat(find(workspace, "id = 42", "users", "mails", "shouted").affected()).isEmpty();
      new Rollback(workspace.catalog())
          .rollback("main", Optional.of(first), Set.of(), "ada", workspace.clock().instant());
      assertThat(rows(workspace, workspace.catalog().environments().head("main"), "mails"))
          .isEqualTo("[[1], [2]]");
    }
  }

  @Test
  void theNextRunBuildsWhatWasNotNamed() {
    try (Workspace workspace = project.open()) {
      TestRun.of(workspace);
      erase(workspace, "id = 42", "users", "mails");
      assertThat(kinds(TestRun.of(workspace)))
          .containsEntry("users", "reused")
          .containsEntry("mails", "reused")
          .containsEntry("shouted", "built")
          .containsEntry("total", "built");
      assertThat(rows(workspace, workspace.catalog().environments().head("main"), "shouted"))
          .isEqualTo("[[1], [2]]");
      // New rows are added to those that are left.
      project.write("data/c.csv", "id,name\n3,Cyd\n");
      TestRun.of(workspace);
      assertThat(rows(workspace, workspace.catalog().environments().head("main"), "shouted"))
          .isEqualTo("[[1], [2], [3]]");
    }
  }

  @Test
  void filesThatACompactionReplacedGoToo() throws IOException {
    try (Workspace workspace = project.open()) {
      for (int i = 0; i < 8; i++) {
        project.write("data/x%d.csv".formatted(i), "id,name\n%d,x\n".formatted(100 + i));
        new TestRun().select("users").in(workspace);
      }
      assertThat(
              new Compactor(workspace).compact(version(workspace, "users"), Cancellation.never()))
          .isPresent();
      erase(workspace, "name = '%s'".formatted(NAME), "users");
      new Garbage(workspace).collect(Duration.ofDays(30), false);
      assertThat(places(workspace)).isEmpty();
      assertThat(query(workspace, "main", "SELECT count(*) FROM users").toString())
          .isEqualTo("[[10]]");
    }
  }

  @Test
  void columnsThatHadOtherNamesAreFoundInHistory() throws IOException {
    project.table("people", "SELECT id, name FROM users");
    try (Workspace workspace = project.open()) {
      long first = TestRun.of(workspace).commit().orElseThrow();
      project.table(
          "people",
          "/*---\nrenamed: {user_id: id}\n---*/ SELECT id AS user_id, name, 1 AS more FROM users");
      TestRun.of(workspace);
      Found found = erase(workspace, "user_id = 42", "people");
      assertThat(found.affected()).hasSize(2);
      assertThat(rows(workspace, workspace.catalog().environments().at(first), "people"))
          .isEqualTo("[[1], [2]]");
      assertThat(query(workspace, "main", "SELECT user_id, more FROM people ORDER BY 1").toString())
          .isEqualTo("[[1, 1], [2, 1]]");
      Found later = find(workspace, "more = 1", "people");
      assertThat(later.notSearched()).hasSize(1);
      assertThat(later.affected()).hasSize(1);
    }
  }

  @Test
  void partitionsStayWhatTheyAre() {
    project.table("people", "/*---\npartition_by: id\n---*/ SELECT id, name FROM users");
    try (Workspace workspace = project.open()) {
      TestRun.of(workspace);
      erase(workspace, "id = 42 OR name = 'Bob'", "people", "users");
      assertThat(rows(workspace, workspace.catalog().environments().head("main"), "people"))
          .isEqualTo("[[1]]");
      assertThat(workspace.tables().load(version(workspace, "people").metadataLocation()).files())
          .extracting(file -> file.partition().toString())
          .containsExactly("[Optional[1]]");
      assertThat(kinds(TestRun.of(workspace))).containsEntry("people", "reused");
    }
  }

  @Test
  void rowsForWhichTheConditionIsUnknownStay() {
    project.write("data/c.csv", "id,name\n7,\n").table("mails", "SELECT id, name FROM users");
    try (Workspace workspace = project.open()) {
      TestRun.of(workspace);
      erase(workspace, "name = '%s'".formatted(NAME), "users");
      assertThat(rows(workspace, workspace.catalog().environments().head("main"), "users"))
          .isEqualTo("[[1], [2], [7]]");
    }
  }

  @Test
  void aLiveRunIsNotDisturbed() {
    try (Workspace workspace = project.open();
        Workspace other = project.open()) {
      TestRun.of(workspace);
      project.write("data/c.csv", "id,name\n3,Cyd\n");
      new TestRun()
          .listener(
              event -> {
                if (event instanceof RunEvent.TaskFinished) {
                  assertThatThrownBy(() -> erase(other, "id = 42", "users"))
                      .isInstanceOf(ConflictException.class)
                      .hasMessageContaining("alive");
                }
              })
          .in(workspace);
      assertThat(find(workspace, "id = 42", "users").affected()).hasSize(2);
    }
  }

  @Test
  void whatChangedSinceItWasLookedForIsNotErased() {
    try (Workspace workspace = project.open()) {
      TestRun.of(workspace);
      Found found = find(workspace, "id = 42", "users");
      project.write("data/c.csv", "id,name\n42,again\n");
      TestRun.of(workspace);
      assertThatThrownBy(() -> new Erasure(workspace).erase(found, Cancellation.never()))
          .isInstanceOf(ConflictException.class)
          .hasMessageContaining("has changed");
      assertThat(find(workspace, "id = 42", "users").rows()).isEqualTo(3);
    }
  }

  @Test
  void aConditionIsAboutARowAndNothingElse() {
    try (Workspace workspace = project.open()) {
      TestRun.of(workspace);
      for (String wrong :
          List.of(
              "id = (SELECT max(id) FROM mails)",
              "id IN (SELECT id FROM 'data/a.csv')",
              "random() < 0.5",
              "id = ",
              "nobody = 1",
              "true) OR (true")) {
        assertThatThrownBy(() -> find(workspace, wrong, "users"))
            .as(wrong)
            .isInstanceOf(UsageException.class)
            .hasMessageStartingWith("Cannot look for rows of 'users': ");
      }
    }
  }

  private static Version version(Workspace workspace, String table) {
    String id =
        workspace
            .catalog()
            .environments()
            .head("main")
            .version(TableName.parse(table))
            .orElseThrow();
    return workspace.catalog().versions().find(id).orElseThrow();
  }

  /** Where below the state folder the person's name is: in bytes, or in rows. */
  private List<Path> places(Workspace workspace) throws IOException {
    byte[] name = NAME.getBytes(StandardCharsets.UTF_8);
    try (Stream<Path> files = Files.walk(project.state());
        Session session = workspace.engine().open(folder)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> !file.toString().contains("catalog.db"))
          .filter(file -> holds(session, file, name))
          .toList();
    }
  }

  private static boolean holds(Session session, Path file, byte[] name) {
    try {
      String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
      String wanted = new String(name, StandardCharsets.ISO_8859_1);
      if (text.contains(wanted) || text.contains(wanted.toUpperCase(java.util.Locale.ROOT))) {
        return true;
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    if (!file.toString().endsWith(".parquet")) {
      return false;
    }
    Query rows = new Query.Select("FROM '%s'".formatted(file));
    return session
        .query(rows, Long.MAX_VALUE, Cancellation.never())
        .values()
        .toString()
        .toUpperCase(java.util.Locale.ROOT)
        .contains(NAME.toUpperCase(java.util.Locale.ROOT));
  }
}

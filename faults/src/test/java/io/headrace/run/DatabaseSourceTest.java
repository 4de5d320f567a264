package io.headrace.run;

import static io.headrace.faults.TestProject.query;
import static io.headrace.faults.TestRun.kinds;
import static io.headrace.faults.TestRun.task;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.engine.Cancellation;
import io.headrace.erase.Erasure;
import io.headrace.erase.Found;
import io.headrace.faults.TestProject;
import io.headrace.faults.TestRun;
import io.headrace.table.TableName;
import io.headrace.verify.Verification;
import io.headrace.verify.Verifier;
import io.headrace.workspace.Workspace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables whose rows are in a database: what a run reads of them, and when. */
class DatabaseSourceTest {
  private static final String SECRET = "canary-7f3a";

  @TempDir Path folder;
  private TestProject project;

  @BeforeEach
  void makeProject() {
    project =
        new TestProject(folder.resolve("project"))
            .write(
                "headrace.yaml",
                "connections: {shop: {url: 'jdbc:sqlite:shop.db', password: {file: secret}}}\n")
            .write("secret", SECRET + "\n")
            .write("tables/orders.yaml", orders("incremental: append"))
            .table("total", "SELECT count(*) AS n, sum(price)::BIGINT AS total FROM orders");
    sql("CREATE TABLE orders (id INTEGER PRIMARY KEY, price INTEGER)");
    sql("INSERT INTO orders VALUES (1, 10), (2, 20)");
  }

  private static String orders(String how) {
    return "database: shop\ntable: orders\ncursor: id\n" + how + "\n";
  }

  private void sql(String statement) {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + project.root().resolve("shop.db"));
        Statement each = connection.createStatement()) {
      each.executeUpdate(statement);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private static String total(Workspace workspace) {
    return query(workspace, "main", "FROM total").toString();
  }

  private static Verification.Result verified(Workspace workspace) {
    return new Verifier(
            workspace,
            workspace.buildGraph(workspace.readProject(), Map.of()),
            workspace.catalog().environments().head("main"))
        .verify(TableName.parse("orders"), Cancellation.never())
        .result();
  }

  @Test
  void readsOnlyRowsBehindTheLastPosition() {
    try (Workspace workspace = project.open()) {
      TestRun.of(workspace);
      assertThat(total(workspace)).isEqualTo("[[2, 30]]");
      assertThat(kinds(TestRun.of(workspace))).containsEntry("orders", "reused");
      // Who reads it again would notice the other price.
      sql("UPDATE orders SET price = 1000 WHERE id = 1");
      sql("INSERT INTO orders VALUES (3, 300)");
      RunResult result = TestRun.of(workspace);
      assertThat(task(result, "orders").message()).isEqualTo("new rows");
      assertThat(total(workspace)).isEqualTo("[[3, 330]]");
      assertThat(verified(workspace)).isInstanceOf(Verification.Different.class);
      new TestRun().refresh("orders").in(workspace);
      assertThat(total(workspace)).isEqualTo("[[3, 1320]]");
      assertThat(verified(workspace)).isInstanceOf(Verification.Same.class);
    }
  }

  @Test
  void theMannerOfReadingIsNoInput() {
    String shop = "connections: {shop: {url: 'jdbc:sqlite:shop.db', busy_timeout: %d, user: %s}}\n";
    project.write("headrace.yaml", shop.formatted(1000, "ada"));
    try (Workspace workspace = project.open()) {
      TestRun.of(workspace);
      project.write("headrace.yaml", shop.formatted(9000, "ada"));
      assertThat(kinds(TestRun.of(workspace))).containsEntry("orders", "reused");
      // Another user may see other rows.
      project.write("headrace.yaml", shop.formatted(9000, "grace"));
      assertThatThrownBy(() -> TestRun.of(workspace)).isInstanceOf(UndecidedException.class);
    }
  }

  @Test
  void anEmptyTableHasNoPositionAndTheFirstRowsAreNew() {
    sql("DELETE FROM orders");
    project.write("tables/orders.yaml", orders("incremental: append\nallow_empty: true"));
    try (Workspace workspace = project.open()) {
      TestRun.of(workspace);
      assertThat(total(workspace)).startsWith("[[0, ");
      sql("INSERT INTO orders VALUES (1, 5)");
      assertThat(task(TestRun.of(workspace), "orders").message()).isEqualTo("new rows");
      assertThat(total(workspace)).isEqualTo("[[1, 5]]");
    }
  }

  @Test
  void rowsOfAKeyReplaceThoseBefore() {
    sql("ALTER TABLE orders ADD COLUMN version INTEGER");
    sql("UPDATE orders SET version = id");
    project.write(
        "tables/orders.yaml",
        """
        database: shop
        table: orders
        cursor: version
        incremental: {key: id, latest_by: version, deleted_when: price < 0}
        allow_empty: true
        """);
    try (Workspace workspace = project.open()) {
      TestRun.of(workspace);
      sql("UPDATE orders SET price = 15, version = 3 WHERE id = 1");
      sql("UPDATE orders SET price = -1, version = 4 WHERE id = 2");
      sql("INSERT INTO orders VALUES (7, 70, 5)");
      RunResult result = TestRun.of(workspace);
      assertThat(task(result, "orders").message()).isEqualTo("new rows by key");
      assertThat(query(workspace, "main", "SELECT id, price FROM orders ORDER BY id").toString())
          .isEqualTo("[[1, 15], [7, 70]]");
      assertThat(verified(workspace)).isInstanceOf(Verification.Same.class);
    }
  }

  @Test
  void aDatabaseThatWentBackIsReadWholeOrRefused() {
    try (Workspace workspace = project.open()) {
      TestRun.of(workspace);
      sql("DELETE FROM orders WHERE id = 2");
      assertThat(task(TestRun.of(workspace), "orders").message()).isEmpty();
      assertThat(total(workspace)).isEqualTo("[[1, 10]]");
    }
  }

  @Test
  void aNewColumnIsReadForAllRows() {
    try (Workspace workspace = project.open()) {
      TestRun.of(workspace);
      sql("ALTER TABLE orders ADD COLUMN note TEXT DEFAULT 'x'");
      sql("INSERT INTO orders VALUES (3, 30, 'y')");
      assertThat(TestRun.of(workspace).isGood()).isTrue();
      assertThat(query(workspace, "main", "SELECT note FROM orders ORDER BY id").toString())
          .isEqualTo("[[x], [x], [y]]");
      sql("ALTER TABLE orders DROP COLUMN price");
      sql("INSERT INTO orders VALUES (4, 'z')");
      assertThat(task(TestRun.of(workspace), "orders").message())
          .endsWith("the columns of the source changed: - price long");
    }
  }

  @Test
  void withoutACursorAllIsReadAtEachRunAndTheSameRowsEndTheWork() {
    project.write("tables/orders.yaml", "database: shop\nquery: SELECT id, price FROM orders\n");
    try (Workspace workspace = project.open()) {
      TestRun.of(workspace);
      assertThat(kinds(TestRun.of(workspace)))
          .containsEntry("orders", "same")
          .containsEntry("total", "reused");
      sql("UPDATE orders SET price = 11 WHERE id = 1");
      TestRun.of(workspace);
      assertThat(total(workspace)).isEqualTo("[[2, 31]]");
      assertThat(verified(workspace)).isInstanceOf(Verification.NotComparable.class);
    }
  }

  @Test
  void aDatabaseThatIsAwayFailsItsTableAndNoOther() throws IOException {
    project.table("other", "SELECT 1 AS one");
    Path database = project.root().resolve("shop.db");
    Path away = folder.resolve("away.db");
    try (Workspace workspace = project.open()) {
      TestRun.of(workspace);
      Files.move(database, away);
      project.table("other", "SELECT 2 AS one");
      assertThat(new TestRun().plan(workspace).tasks())
          .anySatisfy(task -> assertThat(task.reason()).contains("shop"));
      RunResult result = new TestRun().publishReady().in(workspace);
      assertThat(kinds(result))
          .containsEntry("orders", "failed")
          .containsEntry("total", "skipped")
          .containsEntry("other", "built");
      assertThat(task(result, "orders").message()).startsWith("tables/orders.yaml:1:11: ");
      assertThat(task(result, "orders").hint()).isNotEmpty();
      assertThat(query(workspace, "main", "FROM other").toString()).isEqualTo("[[2]]");
      assertThat(total(workspace)).isEqualTo("[[2, 30]]");
      Files.move(away, database);
      assertThat(TestRun.of(workspace).isGood()).isTrue();
    }
  }

  @Test
  void whoErasesRowsIsToldThatTheyComeFromOutside() {
    try (Workspace workspace = project.open()) {
      TestRun.of(workspace);
      Found found =
          new Erasure(workspace)
              .find(
                  new TreeSet<>(Set.of(TableName.parse("orders"))), "id = 1", Cancellation.never());
      assertThat(found.rows()).isEqualTo(1);
      assertThat(found.outside()).containsExactly("orders");
      assertThat(found.files()).isEmpty();
    }
  }

  @Test
  void aSecretIsNowhereInTheState() throws IOException {
    RunLog log = new RunLog(project.state().resolve("runs"), Clock.systemUTC());
    try (Workspace workspace = project.open()) {
      new TestRun().listener(log).in(workspace);
      assertThat(total(workspace)).isEqualTo("[[2, 30]]");
      Files.delete(project.root().resolve("shop.db"));
      RunResult failed = new TestRun().listener(log).in(workspace);
      assertThat(failed.isGood()).isFalse();
      assertThat(failed.toString()).doesNotContain(SECRET);
    }
    try (Stream<Path> files = Files.walk(project.state())) {
      List<Path> all = files.filter(Files::isRegularFile).toList();
      assertThat(all).isNotEmpty();
      for (Path file : all) {
        assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
            .as(file.toString())
            .doesNotContain(SECRET);
      }
    }
  }
}

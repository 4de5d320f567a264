package io.headrace.run;

import static io.headrace.faults.TestProject.query;
import static io.headrace.faults.TestRun.kinds;
import static io.headrace.faults.TestRun.task;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.engine.Cancellation;
import io.headrace.error.ProjectException;
import io.headrace.faults.Seed;
import io.headrace.faults.TestProject;
import io.headrace.faults.TestRun;
import io.headrace.table.TableName;
import io.headrace.verify.Verification;
import io.headrace.verify.Verifier;
import io.headrace.workspace.Workspace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables that reject rows: every row of the query is in one of the two, and only there. */
class RejectTest {
  private static final String ALL = "SELECT * FROM raw";
  private static final List<String> RULES =
      List.of(
          "amount >= 0",
          "amount < 90 -- not so much",
          "user_id IS NOT NULL",
          "length(note) > 1 OR note IS NULL",
          "{rule: \"day < '2026-01-20'\", name: early}",
          "{rule: amount % 7 <> 3, name: it's odd}");

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "partition_by: day(day)",
        "incremental: {append: raw}",
        "incremental: append\npartition_by: user_id"
      })
  void eachRowIsInOneOfTheTwo(String kind) {
    Seed seed = new Seed(RejectTest.class);
    SplittableRandom random = seed.random(kind.hashCode());
    TestProject project = project().write("data/0.csv", csv(random));
    try (Workspace workspace = project.open()) {
      for (int i = 1; i <= 6; i++) {
        if (i % 2 == 1) {
          project.table("orders", rejecting(kind, rules(random), ALL));
        }
        new TestRun().refresh(i % 2 == 1 && !kind.isEmpty() ? "orders" : "raw").in(workspace);
        requireAll(workspace, seed);
        project.write("data/%d.csv".formatted(i), csv(random));
        TestRun.of(workspace);
        requireAll(workspace, seed);
        requireVerified(workspace);
      }
    }
  }

  private static void requireAll(Workspace workspace, Seed seed) {
    String both = "FROM orders UNION ALL SELECT * EXCLUDE (reason) FROM orders__rejected";
    assertThat(query(workspace, "main", "(%s) EXCEPT ALL FROM raw".formatted(both)))
        .as(seed.toString())
        .isEmpty();
    assertThat(query(workspace, "main", "FROM raw EXCEPT ALL (%s)".formatted(both)))
        .as(seed.toString())
        .isEmpty();
    assertThat(query(workspace, "main", "FROM orders__rejected WHERE coalesce(reason, '') = ''"))
        .isEmpty();
  }

  private static void requireVerified(Workspace workspace) {
    Verifier verifier =
        new Verifier(
            workspace,
            workspace.buildGraph(workspace.readProject(), java.util.Map.of()),
            workspace.catalog().environments().head("main"));
    for (TableName table : verifier.tables()) {
      assertThat(verifier.verify(table, Cancellation.never()).result())
          .as(table.toString())
          .isInstanceOf(Verification.Same.class);
    }
  }

  @Test
  void aReasonNamesTheRulesAndNullBreaksNone() {
    TestProject project =
        project()
            .write("data/0.csv", "user_id,amount,day,note\n1,-5,2026-01-01,a\n,,2026-01-02,b\n")
            .table(
                "orders",
                "/*---\nreject:\n  - amount >= 0\n  - {rule: user_id IS NOT NULL, name: who}\n"
                    + "  - {rule: amount > -2, name: above}\n---*/\n"
                    + ALL);
    try (Workspace workspace = project.open()) {
      TestRun.of(workspace);
      assertThat(
              query(
                  workspace,
                  "main",
                  "SELECT day::VARCHAR, reason FROM orders__rejected ORDER BY 1"))
          .hasToString("[[2026-01-01, amount >= 0; above], [2026-01-02, who]]");
      assertThat(query(workspace, "main", "FROM orders")).isEmpty();
    }
  }

  @Test
  void theLatestRowsAreThoseOfGoodRowsWithAKey() {
    TestProject project =
        project()
            .write(
                "data/0.csv",
                "user_id,amount,day,note\n1,1,2026-01-01,a\n1,-2,2026-01-02,b\n,3,2026-01-03,c\n")
            .table(
                "orders",
                rejecting(
                    "incremental: {key: user_id, latest_by: day, from: raw}",
                    "reject: [amount >= 0]",
                    ALL));
    try (Workspace workspace = project.open()) {
      TestRun.of(workspace);
      project.write("data/1.csv", "user_id,amount,day,note\n1,7,,d\n2,-1,2026-01-05,e\n");
      RunResult second = TestRun.of(workspace);
      assertThat(task(second, "orders__rejected").message()).isEqualTo("new rows");
      assertThat(query(workspace, "main", "SELECT user_id, note FROM orders"))
          .hasToString("[[1, a]]");
      assertThat(
              query(workspace, "main", "SELECT note, reason FROM orders__rejected ORDER BY note"))
          .hasToString(
              "[[b, amount >= 0], [c, user_id IS NOT NULL], [d, day IS NOT NULL], [e, amount >= 0]]");
      requireVerified(workspace);
    }
  }

  @Test
  void tooManyRejectedRowsPublishNothing() {
    TestProject project = project().write("data/0.csv", lines(9, 1)).table("orders", most("10%"));
    try (Workspace workspace = project.open()) {
      assertThat(TestRun.of(workspace).commit()).isPresent();
      project.write("data/1.csv", lines(4, 1));
      RunResult second = TestRun.of(workspace);
      assertThat(second.commit()).isEmpty();
      assertThat(second.checks().get(0).message())
          .isEqualTo("2 of 15 rows are rejected, which breaks 'orders: at most 10% rejected'");
      assertThat(TestProject.value(workspace, "SELECT count(*) FROM orders__rejected"))
          .isEqualTo(1L);
      assertThat(new TestRun().publishReady().in(workspace).commit()).isEmpty();
      project.table("orders", most("2"));
      assertThat(kinds(TestRun.of(workspace)))
          .containsEntry("orders", "reused")
          .containsEntry("orders__rejected", "reused");
      assertThat(TestProject.value(workspace, "SELECT count(*) FROM orders__rejected"))
          .isEqualTo(2L);
    }
  }

  @Test
  void oneHalfIsNeverMadeWithoutTheOther() {
    TestProject project =
        project()
            .write("data/0.csv", lines(2, 1))
            .table("orders", rejecting("incremental: {append: raw}", "reject: [amount >= 0]", ALL));
    try (Workspace workspace = project.open()) {
      TestRun.of(workspace);
      project.write("data/1.csv", lines(2, 1));
      new TestRun().select("raw").in(workspace);
      assertThat(kinds(new TestRun().select("orders").in(workspace)))
          .containsOnlyKeys("orders", "orders__rejected");
      project.table(
          "orders", rejecting("incremental: {append: raw}", "reject: [amount >= 1]", ALL));
      assertThatThrownBy(() -> TestRun.of(workspace))
          .isInstanceOf(UndecidedException.class)
          .hasMessageContaining("'orders' (4 rows)")
          .hasMessageNotContaining("orders__rejected");
      assertThat(TestRun.computed(new TestRun().refresh("orders__rejected").in(workspace)))
          .containsExactly("orders", "orders__rejected");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT *, now() AS at FROM raw",
        "SELECT * FROM raw WHERE random() < 0.5",
      })
  void aQueryThatIsNoFunctionOfItsInputsIsRefused(String sql) {
    TestProject project =
        project()
            .write("data/0.csv", lines(1, 1))
            .table("orders", rejecting("", "reject: [amount >= 0]", sql));
    try (Workspace workspace = project.open()) {
      assertThatThrownBy(() -> TestRun.of(workspace))
          .isInstanceOf(ProjectException.class)
          .hasMessageContaining("a row could be in neither");
    }
  }

  @Test
  void aReplayMakesRowsAgainThatOlderRulesDivided() {
    TestProject project =
        project()
            .write("data/0.csv", lines(2, 3))
            .table("orders", rejecting("incremental: {append: raw}", "reject: [amount >= 0]", ALL));
    try (Workspace workspace = project.open()) {
      TestRun.of(workspace);
      project.table("orders", rejecting("incremental: {append: raw}", "reject: [amount < 0]", ALL));
      project.write("data/1.csv", lines(4, 5));
      new TestRun().forward("orders").in(workspace);
      assertThat(TestProject.value(workspace, "SELECT count(*) FROM orders")).isEqualTo(7L);
      assertThat(TestProject.value(workspace, "SELECT count(*) FROM orders__rejected"))
          .isEqualTo(7L);
      assertThat(kinds(new TestRun().replay("orders").in(workspace)))
          .containsOnlyKeys("orders", "orders__rejected");
      assertThat(TestProject.value(workspace, "SELECT count(*) FROM orders")).isEqualTo(8L);
      assertThat(TestProject.value(workspace, "SELECT count(*) FROM orders__rejected"))
          .isEqualTo(6L);
      requireVerified(workspace);
    }
  }

  private static String most(String share) {
    return rejecting("", "reject: {rules: [amount >= 0], at_most: %s}".formatted(share), ALL);
  }

  private TestProject project() {
    return new TestProject(folder)
        .write(
            "tables/raw.yaml",
            "files: data/*.csv\nincremental: append\ncolumns: {user_id: BIGINT, amount: BIGINT,"
                + " day: DATE, note: VARCHAR}\n");
  }

  private static String rejecting(String kind, String rules, String sql) {
    return "/*---\n%s\n%s\n---*/\n%s".formatted(kind, rules, sql);
  }

  private static String rules(SplittableRandom random) {
    List<String> rules = new ArrayList<>(RULES);
    while (rules.size() > 1 && random.nextInt(3) > 0) {
      rules.remove(random.nextInt(rules.size()));
    }
    return rules.stream()
        .map(rule -> "\n  - " + rule)
        .collect(Collectors.joining("", "reject:", ""));
  }

  private static String lines(int good, int bad) {
    return "user_id,amount,day,note\n"
        + "1,1,2026-01-01,a\n".repeat(good)
        + "1,-1,2026-01-01,a\n".repeat(bad);
  }

  /** Rows with nulls and copies. */
  private static String csv(SplittableRandom random) {
    StringBuilder csv = new StringBuilder("user_id,amount,day,note\n");
    for (int i = random.nextInt(60); i >= 0; i--) {
      String row =
          "%s,%s,2026-01-%02d,%s\n"
              .formatted(
                  random.nextInt(4) == 0 ? "" : random.nextInt(3),
                  random.nextInt(5) == 0 ? "" : random.nextInt(120) - 20,
                  1 + random.nextInt(28),
                  List.of("", "a", "bc", "d e").get(random.nextInt(4)));
      csv.append(row.repeat(1 + random.nextInt(2)));
    }
    return csv.toString();
  }
}

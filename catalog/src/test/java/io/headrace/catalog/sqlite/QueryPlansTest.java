package io.headrace.catalog.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.catalog.Catalog;
import io.headrace.catalog.Environment;
import io.headrace.catalog.Environments;
import io.headrace.catalog.Fence;
import io.headrace.catalog.Measurement;
import io.headrace.catalog.Occasion;
import io.headrace.catalog.Part;
import io.headrace.catalog.Requests;
import io.headrace.catalog.Runs;
import io.headrace.catalog.Schedules;
import io.headrace.catalog.Tick;
import io.headrace.catalog.Versions;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What runs, servers and pages ask often does not take longer as the catalog fills. */
class QueryPlansTest extends CatalogContract {
  /** Whose rows become more with each run. */
  private static final Set<String> GROWING =
      Set.of(
          "builds",
          "changes",
          "check_results",
          "commits",
          "file_identities",
          "measurements",
          "parts",
          "requests",
          "rewrites",
          "runs",
          "task_runs",
          "ticks",
          "versions");

  /** The tables by other names that they have in statements. */
  private static final Pattern ALIAS = Pattern.compile("(?:FROM|JOIN) (\\w+) (\\w+)\\b");

  /** To look for the greatest is called a search, with or without an index. */
  private static final Pattern STEP = Pattern.compile("(SCAN|SEARCH) (\\w+)(.*)");

  private static final Pattern LIMIT = Pattern.compile("\\sLIMIT\\s");

  /** Once a statement is executed, SQLite plans for the limit that it is given. */
  private static final Pattern GIVEN = Pattern.compile("\\sLIMIT \\?\\d*");

  /** All are read before the first is known; rows of one moment may be sorted among themselves. */
  private static final Pattern SORT = Pattern.compile("USE TEMP B-TREE FOR (ORDER|GROUP) BY");

  @Override
  protected SqliteCatalog open(Path folder) {
    return SqliteCatalog.open(folder.resolve("catalog.db"));
  }

  @Test
  void whatIsAskedOftenReadsNoTableFromEndToEnd() throws SQLException {
    List<String> scans = new ArrayList<>();
    try (SqliteCatalog asked = open(folder)) {
      ask(asked);
      assertThat(asked.texts()).hasSizeGreaterThan(40);
      for (String text : asked.texts()) {
        scans.addAll(scans(text));
      }
    }
    assertThat(scans).isEmpty();
  }

  @Test
  void readingAllOfATableIsNoticed() throws SQLException {
    assertThat(scans("SELECT max(at) FROM commits c WHERE message = ?")).hasSize(1);
    assertThat(scans("SELECT count(*) FROM runs")).hasSize(1);
    assertThat(scans("SELECT id FROM runs ORDER BY state LIMIT 1")).hasSize(2);
    assertThat(scans("SELECT id FROM runs ORDER BY started_at LIMIT 1")).isEmpty();
  }

  /** The reads of a growing table that do not end early, each with its statement. */
  private List<String> scans(String text) throws SQLException {
    List<String> scans = new ArrayList<>();
    if (!text.matches("(?s)\\s*(SELECT|INSERT|UPDATE|DELETE|WITH).*")) {
      return scans;
    }
    for (String step : plan(text)) {
      if (LIMIT.matcher(text).find() && SORT.matcher(step).matches()) {
        scans.add(step + ": " + text);
      }
      Matcher read = STEP.matcher(step);
      if (read.matches()
          && GROWING.contains(table(text, read.group(2)))
          && !isShort(text, read.group(1).equals("SCAN"), read.group(3))) {
        scans.add(step + ": " + text);
      }
    }
    return scans;
  }

  /** In the order of an index it ends at the limit. What waits is in an index of its own. */
  private static boolean isShort(String text, boolean isScan, String how) {
    boolean isByIndex = how.contains(" USING ");
    return isScan
        ? (isByIndex && LIMIT.matcher(text).find()) || how.endsWith("INDEX requests_that_wait")
        : isByIndex;
  }

  private static String table(String text, String name) {
    Matcher alias = ALIAS.matcher(text);
    while (alias.find()) {
      if (alias.group(2).equals(name)) {
        return alias.group(1);
      }
    }
    return name;
  }

  private List<String> plan(String text) throws SQLException {
    List<String> steps = new ArrayList<>();
    try (Sql sql =
        new Sql(DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("catalog.db")))) {
      String given = GIVEN.matcher(text).replaceAll(" LIMIT 50");
      sql.forEach("EXPLAIN QUERY PLAN " + given, row -> steps.add(row.getString("detail")));
    }
    return steps;
  }

  /** All that runs, servers, pages and programs ask, but for what looks after the catalog. */
  private void ask(Catalog asked) {
    record(T0, new TreeMap<>(Map.of("a1", A, "b1", B)));
    ofRuns(asked.runs());
    ofEnvironments(asked.environments());
    ofVersions(asked);
    ofSchedules(asked.schedules(), asked.requests(), asked);
  }

  private static void ofRuns(Runs runs) {
    runs.start(new Runs.Run("r", Environment.MAIN, T0, "somebody"));
    runs.heartbeat("r", T0);
    runs.recordTasks("r", List.of(new Runs.TaskRun(A, "built", TTL, 1, 1, "")));
    runs.finish("r", Runs.State.UNCHANGED, Optional.empty(), T0);
    runs.list(10);
    runs.find("r");
    runs.tasks("r");
    runs.lastBuilds();
    runs.committed("somebody");
    runs.looked(new Runs.Look(Environment.MAIN, Set.of(A), "ada", T0));
    runs.lastLook(Environment.MAIN, A, "ada");
  }

  private static void ofEnvironments(Environments environments) {
    long first = environments.publish(publication(Environment.MAIN, T0, "a", null, "a1"));
    environments.publish(publication(Environment.MAIN, minute(1), "b", null, "b1"));
    environments.list();
    environments.find(Environment.MAIN);
    environments.head(Environment.MAIN);
    environments.at(first);
    environments.commitAt(Environment.MAIN, T0);
    environments.findCommit(first);
    environments.log(Environment.MAIN, 10);
    environments.changes(first);
    environments.moves(Environment.MAIN, first, "ada");
    environments.create("dev", Optional.of(environments.at(first)), T0);
    environments.pin("a1", T0);
    environments.pins();
  }

  private static void ofVersions(Catalog asked) {
    Versions versions = asked.versions();
    asked.leases().tryAcquire("f", "me", T0, TTL);
    versions.recordSame("f", "a1", recipe("f"), "me");
    asked.parts().record(new Part("f", A, "/wh/f.metadata.json", 1), "me", T0);
    asked.parts().use(List.of("f"), "me", T0);
    asked.parts().forget(List.of("f"));
    asked.leases().renew("me", T0, TTL);
    asked.leases().isHeld(new Fence("f", "me"));
    asked.leases().release("f", "me");
    versions.find("a1");
    versions.findAll(List.of("a1", "b1"));
    versions.findBuilt("f");
    versions.builtAt(asked.environments().head(Environment.MAIN));
    versions.history("a", 10);
    versions.recipes("a1");
    versions.recipe("f");
    asked.measurements().record("a1", new Measurement(T0, 1, new TreeMap<>(), new TreeMap<>()));
    asked.measurements().find("a1");
    asked.measurements().history(A, Environment.MAIN, "a1", 10);
    asked.checkResults().findAll(List.of("c"));
    asked.rewrites().of(A, T0);
    asked.fileIdentities().findAll(List.of("/data/a.csv"));
  }

  private static void ofSchedules(Schedules schedules, Requests requests, Catalog asked) {
    schedules.keep("often", T0);
    requests.ask(new Requests.Asked("often", Optional.of("k"), new TreeMap<>(), "ada", T0));
    requests.waiting();
    requests.waiting("often");
    Fence fence = new Fence("schedule often", "me");
    asked.leases().tryAcquire(fence.key(), fence.owner(), T0, TTL);
    schedules.record(Tick.begun("often", 1, Occasion.at(T0), 0, T0), List.of(1L), fence);
    schedules.find("often");
    schedules.all();
    schedules.ticks(Optional.of("often"), 10);
    schedules.ticks(Optional.empty(), 10);
    schedules.pause("often", "ada", T0);
    schedules.resume("often", T0);
  }
}

package io.headrace.cli;

import io.headrace.catalog.Runs.TaskRun;
import io.headrace.catalog.Version;
import io.headrace.plan.ColumnChanges;
import io.headrace.plan.Plan;
import io.headrace.plan.Plan.Action;
import io.headrace.plan.Plan.Planned;
import io.headrace.server.json.Json;
import io.headrace.table.DataFile;
import io.headrace.table.TableName;
import io.headrace.workspace.Workspace;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * A plan for people and for programs.
 *
 * @param columns the changes of each table's columns, in words
 * @param history the last build of each table
 */
record PlanOutput(
    Workspace workspace,
    Plan plan,
    SortedMap<TableName, List<String>> columns,
    Map<TableName, TaskRun> history) {

  /** Finds out what belongs to a plan. */
  static PlanOutput of(Workspace workspace, Plan plan) {
    return new PlanOutput(
        workspace,
        plan,
        ColumnChanges.of(workspace, plan),
        plan.builds() == 0 ? Map.of() : workspace.catalog().runs().lastBuilds());
  }

  /**
   * Prints it for people.
   *
   * @param all whether to list what is reused too
   */
  void print(PrintStream out, boolean all) {
    long reused = plan.tasks().size() - plan.builds();
    String at = plan.base().commit() == 0 ? "" : " at commit " + plan.base().commit();
    out.println(
        "Plan for '%s'%s: %d to build, %d reused%s"
            .formatted(
                plan.base().environment(),
                at,
                plan.builds(),
                reused,
                plan.removed().isEmpty() ? "" : ", %d to remove".formatted(plan.removed().size())));
    TextTable table = new TextTable("  ", "llrrl");
    for (Planned task : plan.tasks()) {
      if (task.action() == Action.BUILD || all) {
        addRows(table, task);
      }
    }
    plan.removed()
        .forEach(name -> table.row("remove", name.toString(), "", "", "no file makes it any more"));
    out.print(table);
    if (!plan.checks().isEmpty()) {
      out.println("  " + Texts.count(plan.checks().size(), "check") + " to run on what is reused");
    }
    estimate(out);
  }

  private void addRows(TextTable table, Planned task) {
    TableName name = task.node().name();
    TaskRun last = history.get(name);
    String rows = last == null ? "" : "~" + Texts.count(last.rowCount(), "row");
    String time = last == null ? "" : Texts.duration(last.duration());
    boolean isNew = plan.base().version(name).isEmpty();
    String word = task.action() == Action.REUSE ? "reuse" : isNew ? "add" : "build";
    table.row(word, name.toString(), rows, time, task.reason());
    for (String change : columns.getOrDefault(name, List.of())) {
      table.row("", "", "", "", "  column " + change);
    }
    if (task.node().fanout().isPresent()) {
      String before =
          items(task).map(n -> ": %s so far".formatted(Texts.count(n, "item"))).orElse("");
      table.row("", "", "", "", "  foreach" + before);
    }
  }

  /**
   * How many items a table that is made item by item has now; how many it will have is known when
   * the query of the items has run. An item without rows does not show.
   */
  private Optional<Long> items(Planned task) {
    return task.node()
        .fanout()
        .flatMap(fanout -> plan.base().version(task.node().name()))
        .flatMap(workspace.catalog().versions()::find)
        .map(version -> workspace.tables().load(version.metadataLocation()))
        .map(data -> data.files().stream().map(DataFile::partition).distinct().count());
  }

  private void estimate(PrintStream out) {
    Duration total = Duration.ZERO;
    long unknown = 0;
    for (Planned task : plan.tasks()) {
      if (task.action() == Action.BUILD) {
        TaskRun last = history.get(task.node().name());
        if (last == null) {
          unknown++;
        } else {
          total = total.plus(last.duration());
        }
      }
    }
    if (!total.isZero()) {
      String rest = unknown == 0 ? "" : ", and %d never built before".formatted(unknown);
      out.println("  about %s of work%s".formatted(Texts.duration(total), rest));
    }
  }

  /** All of it as JSON. */
  String json() {
    List<Object> tasks = new ArrayList<>();
    for (Planned task : plan.tasks()) {
      TableName name = task.node().name();
      TaskRun last = history.get(name);
      tasks.add(
          Json.object(
              "table", name,
              "file", task.node().task().file(),
              "action", task.action() == Action.BUILD ? "build" : "reuse",
              "reason", task.reason(),
              "inputs", task.node().inputs(),
              "fingerprint", task.resolved().map(resolved -> (Object) resolved.fingerprint()),
              "version", task.version(),
              "current", plan.base().version(name),
              "columns", columns.getOrDefault(name, List.of()),
              "items", items(task).map(n -> (Object) n),
              "estimated_rows", last == null ? rows(task) : (Object) last.rowCount(),
              "estimated_seconds", last == null ? null : last.duration().toMillis() / 1000.0));
    }
    return Json.write(
        Json.object(
            "environment", plan.base().environment(),
            "commit", plan.base().commit(),
            "tasks", tasks,
            "removed", plan.removed(),
            "checks", plan.checks().stream().map(check -> check.check().title()).toList()));
  }

  private @Nullable Object rows(Planned task) {
    return task.version()
        .flatMap(workspace.catalog().versions()::find)
        .map(Version::rowCount)
        .orElse(null);
  }
}

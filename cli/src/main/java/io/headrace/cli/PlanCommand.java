package io.headrace.cli;

import io.headrace.catalog.Runs.TaskRun;
import io.headrace.catalog.Version;
import io.headrace.graph.Graph;
import io.headrace.plan.ColumnChanges;
import io.headrace.plan.Plan;
import io.headrace.plan.Plan.Action;
import io.headrace.plan.Plan.Planned;
import io.headrace.project.Project;
import io.headrace.run.Pause;
import io.headrace.run.RunRequest;
import io.headrace.run.Runner;
import io.headrace.table.DataFile;
import io.headrace.table.TableName;
import io.headrace.workspace.Workspace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SplittableRandom;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code headrace plan}: what a run would do. */
@Command(
    name = "plan",
    description = "Say what a run would build and why, and what it would reuse. Changes nothing.",
    sortOptions = false)
final class PlanCommand extends ProjectCommand {
  @Parameters(
      arity = "0..*",
      paramLabel = "TABLE",
      description = "Tables to select as with --select")
  private List<String> selectors = new ArrayList<>();

  @Mixin private RunOptions options = new RunOptions();

  @Option(names = "--all", description = "List what is reused too")
  private boolean all;

  @Option(names = "--json", description = "Print the plan as JSON")
  private boolean json;

  PlanCommand(Console console) {
    super(console);
  }

  @Override
  int run(Workspace workspace) {
    workspace.startEngineIfNew();
    Project project = workspace.readProject();
    Graph graph = workspace.buildGraph(project, options.parameters());
    RunRequest request =
        options.request(workspace, graph, selectors, 1, RunRequest.PublishMode.ALL, "", console());
    Plan plan =
        new Runner(workspace, project, graph, new SplittableRandom(0), Pause.REAL).plan(request);
    SortedMap<TableName, List<String>> columns = ColumnChanges.of(workspace, plan);
    Map<TableName, TaskRun> history =
        plan.builds() == 0 ? Map.of() : workspace.catalog().runs().lastBuilds();
    if (json) {
      console().out().println(json(workspace, plan, columns, history));
    } else {
      print(workspace, plan, columns, history);
    }
    return 0;
  }

  private void print(
      Workspace workspace,
      Plan plan,
      SortedMap<TableName, List<String>> columns,
      Map<TableName, TaskRun> history) {
    long reused = plan.tasks().size() - plan.builds();
    String at = plan.base().commit() == 0 ? "" : " at commit " + plan.base().commit();
    console()
        .out()
        .println(
            "Plan for '%s'%s: %d to build, %d reused%s"
                .formatted(
                    plan.base().environment(),
                    at,
                    plan.builds(),
                    reused,
                    plan.removed().isEmpty()
                        ? ""
                        : ", %d to remove".formatted(plan.removed().size())));
    TextTable table = new TextTable("  ", "llrrl");
    for (Planned task : plan.tasks()) {
      if (task.action() == Action.BUILD || all) {
        addRows(table, workspace, plan, task, columns, history);
      }
    }
    plan.removed()
        .forEach(name -> table.row("remove", name.toString(), "", "", "no file makes it any more"));
    console().out().print(table);
    if (!plan.checks().isEmpty()) {
      console()
          .out()
          .println("  " + Texts.count(plan.checks().size(), "check") + " to run on what is reused");
    }
    estimate(plan, history);
    console()
        .err()
        .println(
            plan.isUpToDate()
                ? "Nothing to do"
                : "Nothing has changed yet. Run `headrace run` to do it");
  }

  private static void addRows(
      TextTable table,
      Workspace workspace,
      Plan plan,
      Planned task,
      SortedMap<TableName, List<String>> columns,
      Map<TableName, TaskRun> history) {
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
          items(workspace, plan, task)
              .map(n -> ": %s so far".formatted(Texts.count(n, "item")))
              .orElse("");
      table.row("", "", "", "", "  foreach" + before);
    }
  }

  /**
   * How many items a table that is made item by item has now; how many it will have is known when
   * the query of the items has run. An item without rows does not show.
   */
  private static Optional<Long> items(Workspace workspace, Plan plan, Planned task) {
    return task.node()
        .fanout()
        .flatMap(fanout -> plan.base().version(task.node().name()))
        .flatMap(workspace.catalog().versions()::find)
        .map(version -> workspace.tables().load(version.metadataLocation()))
        .map(data -> data.files().stream().map(DataFile::partition).distinct().count());
  }

  private void estimate(Plan plan, Map<TableName, TaskRun> history) {
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
      console().out().println("  about %s of work%s".formatted(Texts.duration(total), rest));
    }
  }

  private static String json(
      Workspace workspace,
      Plan plan,
      SortedMap<TableName, List<String>> columns,
      Map<TableName, TaskRun> history) {
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
              "items", items(workspace, plan, task).map(n -> (Object) n),
              "estimated_rows", last == null ? rows(workspace, task) : (Object) last.rowCount(),
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

  private static @org.jspecify.annotations.Nullable Object rows(Workspace workspace, Planned task) {
    return task.version()
        .flatMap(workspace.catalog().versions()::find)
        .map(Version::rowCount)
        .orElse(null);
  }
}

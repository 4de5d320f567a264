package io.headrace.faults;

import io.headrace.engine.Cancellation;
import io.headrace.engine.Pause;
import io.headrace.graph.Graph;
import io.headrace.graph.Selection;
import io.headrace.plan.Plan;
import io.headrace.project.Project;
import io.headrace.run.Backfill;
import io.headrace.run.BackfillPlan;
import io.headrace.run.BackfillPlanner;
import io.headrace.run.RunEvent;
import io.headrace.run.RunRequest;
import io.headrace.run.RunRequest.PublishMode;
import io.headrace.run.RunResult;
import io.headrace.run.Runner;
import io.headrace.run.TaskOutcome;
import io.headrace.table.TableName;
import io.headrace.workspace.Workspace;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/** A run as {@code headrace run} does it, with the options that a test sets. */
public final class TestRun {
  private String environment = "main";
  private List<String> selectors = List.of();
  private Set<TableName> refresh = Set.of();
  private Set<TableName> forward = Set.of();
  private Map<String, String> parameters = Map.of();
  private PublishMode publish = PublishMode.ALL;
  private Optional<Long> onto = Optional.empty();
  private Consumer<RunEvent> listener = event -> {};
  private Cancellation cancel = Cancellation.never();
  private Pause pause = Pause.REAL;
  private Optional<Backfill> backfill = Optional.empty();
  private String message = "";
  private int jobs = 2;
  private boolean givesUpNothing;

  /** Runs everything for {@code main}. */
  public static RunResult of(Workspace workspace) {
    return new TestRun().in(workspace);
  }

  public TestRun environment(String name) {
    environment = name;
    return this;
  }

  public TestRun select(String... names) {
    selectors = List.of(names);
    return this;
  }

  public TestRun refresh(String... names) {
    refresh = tables(names);
    return this;
  }

  /** Keeps the rows that other code made. */
  public TestRun forward(String... names) {
    forward = tables(names);
    return this;
  }

  private static Set<TableName> tables(String... names) {
    Set<TableName> tables = new TreeSet<>();
    for (String name : names) {
      tables.add(TableName.parse(name));
    }
    return tables;
  }

  public TestRun parameter(String name, String value) {
    parameters = Map.of(name, value);
    return this;
  }

  /** Publishes what is ready if something fails. */
  public TestRun publishReady() {
    publish = PublishMode.READY;
    return this;
  }

  /** Computes some partitions of a table again, and nothing else. */
  public TestRun backfill(String table, String from, String to) {
    backfill = Optional.of(new Backfill(TableName.parse(table), from, to));
    return select(table).refresh(table);
  }

  /** Makes a table and its rejected rows again, as {@code headrace replay} does. */
  public TestRun replay(String table) {
    givesUpNothing = true;
    return select(table).refresh(table);
  }

  public TestRun onto(long commit) {
    onto = Optional.of(commit);
    return this;
  }

  public TestRun listener(Consumer<RunEvent> events) {
    listener = events;
    return this;
  }

  public TestRun cancel(Cancellation cancellation) {
    cancel = cancellation;
    return this;
  }

  public TestRun pause(Pause waits) {
    pause = waits;
    return this;
  }

  public TestRun message(String text) {
    message = text;
    return this;
  }

  public TestRun jobs(int number) {
    jobs = number;
    return this;
  }

  /** Runs. */
  public RunResult in(Workspace workspace) {
    Project project = workspace.readProject();
    Graph graph = workspace.buildGraph(project, parameters);
    return runner(workspace, project, graph).run(request(graph), listener, cancel);
  }

  /** Says what a run would do. */
  public Plan plan(Workspace workspace) {
    Project project = workspace.readProject();
    Graph graph = workspace.buildGraph(project, parameters);
    return runner(workspace, project, graph).plan(request(graph));
  }

  /** Says what a backfill would compute. */
  public BackfillPlan planBackfill(Workspace workspace) {
    Graph graph = workspace.buildGraph(workspace.readProject(), parameters);
    return new BackfillPlanner(workspace, graph).plan(request(graph));
  }

  private Runner runner(Workspace workspace, Project project, Graph graph) {
    return new Runner(workspace, project, graph, new SplittableRandom(), pause);
  }

  private RunRequest request(Graph graph) {
    return new RunRequest(
        environment,
        Selection.of(graph, selectors),
        refresh,
        forward,
        jobs,
        publish,
        "tester",
        message,
        onto,
        backfill,
        givesUpNothing);
  }

  /** What became of each task, by table. */
  public static SortedMap<String, String> kinds(RunResult result) {
    SortedMap<String, String> kinds = new TreeMap<>();
    result.tasks().forEach(task -> kinds.put(task.table().toString(), task.kind().toString()));
    return kinds;
  }

  /** The tables whose rows were computed, in order of their names. */
  public static List<String> computed(RunResult result) {
    return result.tasks().stream()
        .filter(
            task -> task.kind() == TaskOutcome.Kind.BUILT || task.kind() == TaskOutcome.Kind.SAME)
        .map(task -> task.table().toString())
        .sorted()
        .toList();
  }

  /** The outcome of one task. */
  public static TaskOutcome task(RunResult result, String table) {
    return result.tasks().stream()
        .filter(task -> task.table().toString().equals(table))
        .findFirst()
        .orElseThrow();
  }
}

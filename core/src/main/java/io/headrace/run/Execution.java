package io.headrace.run;

import static java.util.Objects.requireNonNull;

import io.headrace.catalog.Version;
import io.headrace.check.CheckOutcome;
import io.headrace.engine.Cancellation;
import io.headrace.engine.CancelledException;
import io.headrace.error.HeadraceException;
import io.headrace.graph.CheckNode;
import io.headrace.graph.Failures;
import io.headrace.graph.Node;
import io.headrace.plan.Plan;
import io.headrace.plan.Resolver;
import io.headrace.plan.Resolver.Resolved;
import io.headrace.project.Isolation;
import io.headrace.run.TaskOutcome.Kind;
import io.headrace.table.TableName;
import io.headrace.workspace.Workspace;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Carries a plan out: walks the graph, builds in parallel what has no version, and checks it. Knows
 * nothing of publishing.
 *
 * <p>One thread, the caller's, owns the state of the walk; workers only build and check.
 */
final class Execution {
  private final Workspace workspace;
  private final Plan plan;
  private final Resolver resolver;
  private final RunContext context;
  private final Slots slots;
  private final Set<TableName> refresh;
  private final Consumer<RunEvent> events;
  private final Cancellation cancel;

  private final Map<TableName, String> versions = new HashMap<>();
  private final Map<TableName, TaskOutcome> outcomes = new LinkedHashMap<>();
  private final List<CheckOutcome> checks = new ArrayList<>();
  private final Map<TableName, Integer> waitingFor = new HashMap<>();
  private final Deque<Node> ready = new ArrayDeque<>();
  private final BlockingQueue<Runnable> finished = new LinkedBlockingQueue<>();
  private final Map<TableName, String> reasons = new HashMap<>();
  private final Map<TableName, Resolved> reused = new HashMap<>();
  private final Set<TableName> unchecked = new HashSet<>();
  private final StagedReads reads;
  private final Workbench shared;
  private int working;

  Execution(RunContext context, Resolver resolver) {
    this.context = context;
    this.workspace = context.workspace();
    this.plan = context.plan();
    this.resolver = resolver;
    this.slots = context.slots();
    this.refresh = context.refresh();
    this.events = context.events();
    this.cancel = context.cancel();
    this.reads = new StagedReads(workspace);
    this.shared = Workbench.of(context, reads);
    for (Plan.Planned task : plan.tasks()) {
      reasons.put(task.node().name(), task.reason());
      if (task.action() == Plan.Action.REUSE) {
        reused.put(task.node().name(), task.resolved().orElseThrow());
      }
    }
    plan.checks().forEach(check -> check.check().table().ifPresent(unchecked::add));
  }

  /**
   * What came of it.
   *
   * @param versions the version of every table of the graph that has one and may be read
   */
  record Outcome(
      Map<TableName, String> versions, List<TaskOutcome> tasks, List<CheckOutcome> checks) {}

  /** Runs to the end; a cancelled execution ends as soon as its workers do. */
  Outcome run(ExecutorService workers) {
    prepare();
    while (true) {
      while (!ready.isEmpty()) {
        start(ready.poll(), workers);
      }
      if (working == 0) {
        break;
      }
      takeFinished();
    }
    reads.close();
    runRules(workers);
    List<TaskOutcome> ordered = new ArrayList<>();
    for (Plan.Planned task : plan.tasks()) {
      TaskOutcome outcome = outcomes.get(task.node().name());
      ordered.add(outcome == null ? TaskOutcome.skipped(task.node().name(), "cancelled") : outcome);
    }
    return new Outcome(Map.copyOf(versions), ordered, List.copyOf(checks));
  }

  private void prepare() {
    Set<TableName> selected = new HashSet<>();
    plan.tasks().forEach(task -> selected.add(task.node().name()));
    plan.base()
        .versions()
        .forEach(
            (table, version) -> {
              if (!selected.contains(table)) {
                versions.put(table, version);
              }
            });
    for (Plan.Planned task : plan.tasks()) {
      Node node = task.node();
      int inputs = (int) node.inputs().stream().filter(selected::contains).count();
      waitingFor.put(node.name(), inputs);
      if (inputs == 0) {
        ready.add(node);
      }
    }
  }

  private void start(Node node, ExecutorService workers) {
    for (TableName input : node.inputs()) {
      if (!versions.containsKey(input)) {
        finish(TaskOutcome.skipped(node.name(), "'%s' failed".formatted(input)));
        return;
      }
    }
    if (cancel.isRequested()) {
      finish(TaskOutcome.skipped(node.name(), cancel.reason()));
      return;
    }
    // What the plan reuses has inputs that are all reused, so that it cannot turn out otherwise.
    Optional<Resolved> planned = Optional.ofNullable(reused.get(node.name()));
    Resolved resolved;
    try {
      resolved = planned.orElseGet(() -> resolver.resolve(node, versions));
    } catch (HeadraceException e) {
      finish(TaskOutcome.failed(node.name(), Duration.ZERO, Failures.message(node, e), e.hint()));
      return;
    }
    boolean build = resolved.version().isEmpty() || refresh.contains(node.name());
    boolean isChecked =
        planned.isPresent()
            ? !unchecked.contains(node.name())
            : !build && !needsChecks(node, resolved.version().get());
    if (!build && isChecked) {
      finish(reuse(node, resolved.version().get()));
      return;
    }
    Map<TableName, String> inputs = new HashMap<>();
    node.inputs().forEach(input -> inputs.put(input, requireNonNull(versions.get(input))));
    working++;
    workers.execute(
        () -> {
          Instant began = workspace.clock().instant();
          List<CheckOutcome> asked = new ArrayList<>();
          TaskOutcome outcome = work(node, resolved, inputs, build, began, asked, workers);
          finished.add(
              () -> {
                checks.addAll(asked);
                finish(outcome);
              });
        });
  }

  private TaskOutcome reuse(Node node, String id) {
    if (plan.base().version(node.name()).equals(Optional.of(id))) {
      return TaskOutcome.done(node.name(), Kind.REUSED, id, Duration.ZERO, 0, 0);
    }
    Version version = workspace.catalog().versions().find(id).orElseThrow();
    Instant now = workspace.clock().instant();
    return holdIfEmptied(node, version, now)
        .orElseGet(() -> TaskOutcome.reused(version, Duration.ZERO));
  }

  private void takeFinished() {
    try {
      Runnable result = finished.take();
      working--;
      result.run();
    } catch (InterruptedException e) {
      cancel.request("interrupted");
    }
  }

  private void finish(TaskOutcome outcome) {
    outcomes.put(outcome.table(), outcome);
    outcome.version().ifPresent(version -> versions.put(outcome.table(), version));
    events.accept(new RunEvent.TaskFinished(outcome));
    for (TableName dependant : plan.graph().dependants(outcome.table())) {
      Integer left = waitingFor.computeIfPresent(dependant, (name, count) -> count - 1);
      if (left != null && left == 0) {
        plan.graph().find(dependant).ifPresent(ready::add);
      }
    }
  }

  private boolean needsChecks(Node node, String version) {
    List<CheckNode> local = localChecks(node);
    if (local.isEmpty()) {
      return false;
    }
    return !shared.checking().unknown(local, Map.of(node.name(), version)).isEmpty();
  }

  private static List<CheckNode> localChecks(Node node) {
    return node.checks().stream().filter(CheckNode::isLocal).toList();
  }

  private TaskOutcome work(
      Node node,
      Resolved resolved,
      Map<TableName, String> inputs,
      boolean build,
      Instant began,
      List<CheckOutcome> asked,
      Executor workers) {
    TableName table = node.name();
    try {
      TaskBuilder.Made made =
          of(node, bench -> makeAndCheck(bench, node, resolved, inputs, build, asked, workers));
      Version version = made.version();
      Optional<CheckOutcome> blocking = asked.stream().filter(CheckOutcome::blocks).findFirst();
      if (blocking.isPresent()) {
        return TaskOutcome.failed(
            table,
            since(began),
            blocking.get().message(),
            "See `headrace check %s`".formatted(table));
      }
      Optional<TaskOutcome> held = holdIfEmptied(node, version, began);
      if (held.isPresent()) {
        return held.get();
      }
      if (!build) {
        return TaskOutcome.reused(version, since(began));
      }
      Kind kind =
          made.isSame() ? Kind.SAME : shared.builder().isOwn(version) ? Kind.BUILT : Kind.REUSED;
      return TaskOutcome.done(
              table, kind, version.id(), since(began), version.rowCount(), version.sizeBytes())
          .with(made.part());
    } catch (CancelledException e) {
      return TaskOutcome.skipped(table, e.getMessage() == null ? "cancelled" : e.getMessage());
    } catch (HeadraceException e) {
      return TaskOutcome.failed(table, since(began), Failures.message(node, e), e.hint());
    } catch (RuntimeException | Error e) {
      return TaskOutcome.failed(
          table,
          since(began),
          "Cannot build '%s': %s".formatted(table, e),
          "This is a defect of Headrace: please report it");
    }
  }

  /** Works in the run's own engine, or for each attempt in a process that nobody else uses. */
  private <T> T of(Node node, Function<Workbench, T> work) {
    Optional<Isolation> wanted = context.limits(node).isolation();
    if (!workspace.isApart(wanted)) {
      return work.apply(shared);
    }
    AtomicBoolean isStarted = new AtomicBoolean();
    Consumer<RunEvent> once =
        event -> {
          if (!(event instanceof RunEvent.TaskStarted) || isStarted.compareAndSet(false, true)) {
            events.accept(event);
          }
        };
    return shared
        .builds()
        .retrying(node, "", () -> Workbench.apart(context, reads, wanted, once, work));
  }

  private List<CheckOutcome> ask(CheckNode rule, Map<TableName, String> known) {
    Function<Workbench, List<CheckOutcome>> work =
        bench ->
            slots.hold(
                bench.bindings().bytes(rule.reads()),
                () -> bench.checking().run(List.of(rule), known));
    Optional<Isolation> wanted = context.defaults().isolation();
    return shared
        .checking()
        .outcome(
            rule,
            () ->
                workspace.isApart(wanted)
                    ? Workbench.apart(context, reads, wanted, events, work)
                    : work.apply(shared));
  }

  private TaskBuilder.Made makeAndCheck(
      Workbench bench,
      Node node,
      Resolved resolved,
      Map<TableName, String> inputs,
      boolean build,
      List<CheckOutcome> asked,
      Executor workers) {
    TableName table = node.name();
    TaskBuilder.Made made =
        build
            ? bench
                .builds()
                .buildOrShare(
                    node,
                    resolved,
                    inputs,
                    refresh.contains(table),
                    reasons.getOrDefault(table, ""),
                    workers)
            : new TaskBuilder.Made(
                workspace.catalog().versions().find(resolved.version().orElseThrow()).orElseThrow(),
                false,
                "");
    Version version = made.version();
    List<CheckNode> local = localChecks(node);
    if (!local.isEmpty()) {
      asked.addAll(
          slots.hold(
              version.sizeBytes(), () -> bench.checking().run(local, Map.of(table, version.id()))));
    }
    return made;
  }

  /** A table that had rows and has none is held: more often a mistake than the truth. */
  private Optional<TaskOutcome> holdIfEmptied(Node node, Version version, Instant began) {
    if (version.rowCount() > 0 || node.task().configuration().allowEmpty()) {
      return Optional.empty();
    }
    long rowsBefore =
        plan.base()
            .version(node.name())
            .flatMap(workspace.catalog().versions()::find)
            .map(Version::rowCount)
            .orElse(0L);
    return rowsBefore < 2
        ? Optional.empty()
        : Optional.of(
            TaskOutcome.failed(
                node.name(),
                since(began),
                "Held '%s': it had %,d rows and would have none".formatted(node.name(), rowsBefore),
                "If that is right, say `allow_empty: true` in %s".formatted(node.task().file())));
  }

  /** The checks that look at several tables, once all that they look at is there. */
  private void runRules(ExecutorService workers) {
    Map<TableName, String> known = Map.copyOf(versions);
    for (CheckNode rule : plan.graph().rules()) {
      boolean isReady = known.keySet().containsAll(rule.reads()) && !cancel.isRequested();
      if (!isReady || shared.checking().unknown(List.of(rule), known).isEmpty()) {
        continue;
      }
      working++;
      workers.execute(
          () -> {
            List<CheckOutcome> asked = ask(rule, known);
            finished.add(() -> checks.addAll(asked));
          });
    }
    while (working > 0) {
      takeFinished();
    }
  }

  private Duration since(Instant began) {
    return Duration.between(began, workspace.clock().instant());
  }
}

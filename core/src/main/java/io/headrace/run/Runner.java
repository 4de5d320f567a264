package io.headrace.run;

import io.headrace.catalog.Environments;
import io.headrace.catalog.Fence;
import io.headrace.catalog.Publication;
import io.headrace.catalog.Runs;
import io.headrace.catalog.Snapshot;
import io.headrace.check.CheckOutcome;
import io.headrace.engine.Cancellation;
import io.headrace.engine.Engine;
import io.headrace.engine.Pause;
import io.headrace.engine.Session;
import io.headrace.error.ConflictException;
import io.headrace.error.HeadraceException;
import io.headrace.graph.Graph;
import io.headrace.plan.Plan;
import io.headrace.plan.Resolver;
import io.headrace.project.Project;
import io.headrace.table.TableName;
import io.headrace.workspace.Workspace;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * Runs a project: plan, build, check, publish. What was built stays when something fails, so that
 * the next run builds only the rest; what is published is one commit or nothing.
 */
public final class Runner {
  /** Conflicts in a row before giving up; each attempt reuses all that the one before it built. */
  private static final int MOST_ATTEMPTS = 100;

  /** Builds that only wait for the disk, beside those that compute. */
  private static final int THREADS_THAT_SYNC = 4;

  private final Workspace workspace;
  private final Project project;
  private final Graph graph;
  private final RandomGenerator random;
  private final Pause pause;
  private final Optional<Slots> shared;
  private final Planning planning;

  /** Runs with an engine to itself. */
  public Runner(
      Workspace workspace, Project project, Graph graph, RandomGenerator random, Pause pause) {
    this(
        workspace,
        project,
        graph,
        random,
        pause,
        Optional.empty(),
        Planning.openingEach(workspace));
  }

  /** Runs beside others that hold slots of the same kind; then they bound it, and not its jobs. */
  public Runner(
      Workspace workspace,
      Project project,
      Graph graph,
      RandomGenerator random,
      Pause pause,
      Slots slots) {
    this(
        workspace,
        project,
        graph,
        random,
        pause,
        Optional.of(slots),
        Planning.openingEach(workspace));
  }

  /**
   * @param shared slots that others hold too; empty if the engine is its own
   * @param sources says how far things in outside systems go
   */
  Runner(
      Workspace workspace,
      Project project,
      Graph graph,
      RandomGenerator random,
      Pause pause,
      Optional<Slots> shared,
      Resolver.Sources sources) {
    this.workspace = workspace;
    this.project = project;
    this.graph = graph;
    this.random = random;
    this.pause = pause;
    this.shared = shared;
    this.planning = new Planning(workspace, graph, sources);
  }

  /** Says what {@link #run} would do. Writes nothing. */
  public Plan plan(RunRequest request) {
    RunRequest whole = request.with(graph);
    Snapshot base = workspace.catalog().environments().head(whole.environment());
    return planning.plan(whole, base, whole.refresh());
  }

  /**
   * Runs to the end.
   *
   * @param listener hears what happens, one event at a time
   * @throws UndecidedException if the code of incremental tables changed, and the request does not
   *     say what becomes of their rows; nothing was done
   * @throws ConflictException if others kept publishing what this run reads or writes
   */
  public RunResult run(RunRequest request, Consumer<RunEvent> listener, Cancellation cancel) {
    return runIf(request, plan -> true, listener, cancel).orElseThrow();
  }

  /**
   * Runs to the end if the plan is worth it; if not, nothing is done and nobody is told.
   *
   * @throws UndecidedException as of {@link #run}
   * @throws ConflictException as of {@link #run}
   */
  Optional<RunResult> runIf(
      RunRequest wanted,
      Predicate<Plan> isWorth,
      Consumer<RunEvent> listener,
      Cancellation cancel) {
    Instant began = workspace.clock().instant();
    RunRequest request = wanted.with(graph);
    Snapshot base = workspace.catalog().environments().head(request.environment());
    String run = request.origin().run().orElseGet(() -> newRunId(began, random));
    Resolver resolver = planning.resolver(request, base, run, cancel);
    Plan plan = planning.plan(request, base, resolver, request.refresh());
    if (!plan.undecided().isEmpty()) {
      throw new UndecidedException(plan.undecided());
    }
    if (!isWorth.test(plan)) {
      return Optional.empty();
    }
    ObservedRun observed = new ObservedRun(project.settings().name(), workspace, graph, request);
    try (RunObservers observers = RunObservers.of(observed, System.getenv())) {
      Consumer<RunEvent> events = oneAtATime(listener.andThen(observers));
      return Optional.of(carryOut(run, request, base, plan, resolver, began, events, cancel));
    }
  }

  private RunResult carryOut(
      String run,
      RunRequest request,
      Snapshot base,
      Plan plan,
      Resolver resolver,
      Instant began,
      Consumer<RunEvent> events,
      Cancellation cancel) {
    if (plan.isUpToDate() && request.onto().isEmpty()) {
      RunResult result = upToDate(run, request, plan, began);
      remember(request, result);
      events.accept(
          new RunEvent.Started(run, request.environment(), base.commit(), plan.tasks().size(), 0));
      events.accept(new RunEvent.Finished(result));
      return result;
    }
    try (LiveRun live = LiveRun.start(workspace, run, request, began)) {
      RunResult result = attempt(run, request, plan, resolver, began, events, cancel);
      live.finish(result, workspace.clock().instant());
      remember(request, result);
      new Upkeep(workspace, events, cancel).after(result);
      events.accept(new RunEvent.Finished(result));
      return result;
    }
  }

  private RunResult attempt(
      String run,
      RunRequest request,
      Plan firstPlan,
      Resolver firstResolver,
      Instant began,
      Consumer<RunEvent> events,
      Cancellation cancel) {
    Plan plan = firstPlan;
    Resolver resolver = firstResolver;
    Set<TableName> refresh = new HashSet<>(request.refresh());
    Slots slots =
        shared.orElseGet(() -> new Slots(request.jobs(), workspace.engineSettings().memoryBytes()));
    ExecutorService workers =
        Executors.newFixedThreadPool(request.jobs() + THREADS_THAT_SYNC, threads("headrace-task-"));
    ScheduledExecutorService timer =
        Executors.newSingleThreadScheduledExecutor(threads("headrace-timer-"));
    try (LeaseKeeper leases = keeper(run)) {
      Attempts attempts = new Attempts(pause, random, timer);
      for (int attempt = 1; ; attempt++) {
        events.accept(
            new RunEvent.Started(
                run,
                request.environment(),
                plan.base().commit(),
                plan.tasks().size(),
                plan.builds()));
        Execution.Outcome outcome =
            execute(
                run,
                plan,
                resolver,
                leases,
                attempts,
                refresh,
                request.backfill(),
                workers,
                slots,
                events,
                cancel);
        outcome.tasks().stream()
            .filter(TaskOutcome::isGood)
            .forEach(t -> refresh.remove(t.table()));
        try {
          return publish(run, request, plan, outcome, began, cancel);
        } catch (ConflictException e) {
          if (attempt == MOST_ATTEMPTS) {
            throw e;
          }
          events.accept(new RunEvent.Conflicted(String.valueOf(e.getMessage())));
          Snapshot base = workspace.catalog().environments().head(request.environment());
          resolver = planning.resolver(request, base, run, cancel);
          plan = planning.plan(request, base, resolver, refresh);
        }
      }
    } finally {
      workers.shutdown();
      timer.shutdownNow();
    }
  }

  private Execution.Outcome execute(
      String run,
      Plan plan,
      Resolver resolver,
      LeaseKeeper leases,
      Attempts attempts,
      Set<TableName> refresh,
      Optional<Backfill> backfill,
      ExecutorService workers,
      Slots slots,
      Consumer<RunEvent> events,
      Cancellation cancel) {
    Engine engine = workspace.engine();
    try (Session session = engine.open(workspace.root())) {
      RunContext context =
          new RunContext(
              run,
              workspace,
              plan,
              new LoadedVersions(workspace),
              engine,
              session,
              slots,
              leases,
              attempts,
              pause,
              project.settings().defaults(),
              true,
              refresh,
              backfill,
              events,
              cancel);
      return new Execution(context, resolver).run(workers);
    }
  }

  private RunResult publish(
      String run,
      RunRequest request,
      Plan plan,
      Execution.Outcome outcome,
      Instant began,
      Cancellation cancel) {
    boolean good =
        outcome.tasks().stream().allMatch(TaskOutcome::isGood)
            && outcome.checks().stream().noneMatch(CheckOutcome::blocks);
    boolean whole = request.publish() == RunRequest.PublishMode.ALL;
    Optional<Long> commit = Optional.empty();
    List<TableName> removed = List.of();
    if (!cancel.isRequested() && (good || !whole)) {
      Publications publications = new Publications(plan, outcome);
      removed = good ? plan.removed() : List.of();
      Optional<Publication> publication =
          publications.of(run, request, removed, workspace.revision(), workspace.clock().instant());
      Environments environments = workspace.catalog().environments();
      commit = publication.map(environments::publish).filter(id -> id != plan.base().commit());
    }
    Runs.State state =
        cancel.isRequested()
            ? Runs.State.CANCELLED
            : !good
                ? Runs.State.FAILED
                : commit.isPresent() ? Runs.State.PUBLISHED : Runs.State.UNCHANGED;
    Duration duration = Duration.between(began, workspace.clock().instant());
    return new RunResult(
        run,
        request.environment(),
        state,
        outcome.tasks(),
        outcome.checks(),
        removed,
        commit,
        duration);
  }

  /** That the tables were looked at, for those who wait for it; no run fails for that. */
  private void remember(RunRequest request, RunResult result) {
    if (!result.isGood()) {
      return;
    }
    boolean isAll = request.selected().containsAll(graph.nodes().keySet());
    try {
      workspace
          .catalog()
          .runs()
          .looked(
              new Runs.Look(
                  request.environment(),
                  isAll ? Set.of() : request.selected(),
                  request.origin().fence().map(Fence::key).orElse(""),
                  workspace.clock().instant()));
    } catch (HeadraceException e) {
      // The next run is another occasion.
    }
  }

  private RunResult upToDate(String run, RunRequest request, Plan plan, Instant began) {
    List<TaskOutcome> tasks =
        plan.tasks().stream()
            .map(
                task ->
                    TaskOutcome.done(
                        task.node().name(),
                        TaskOutcome.Kind.REUSED,
                        task.version().orElseThrow(),
                        Duration.ZERO,
                        0,
                        0))
            .toList();
    return new RunResult(
        run,
        request.environment(),
        Runs.State.UNCHANGED,
        tasks,
        List.of(),
        List.of(),
        Optional.empty(),
        Duration.between(began, workspace.clock().instant()));
  }

  /** A name for a run that nobody else has. */
  public static String newRunId(Instant now, RandomGenerator random) {
    return "r%d-%08x".formatted(now.getEpochSecond(), random.nextInt());
  }

  /** Says that the run is alive, too. */
  private LeaseKeeper keeper(String run) {
    return new LeaseKeeper(
        workspace.catalog().leases(),
        run,
        workspace.clock(),
        () -> workspace.catalog().runs().heartbeat(run, workspace.clock().instant()));
  }

  private static Consumer<RunEvent> oneAtATime(Consumer<RunEvent> listener) {
    Object lock = new Object();
    return event -> {
      synchronized (lock) {
        listener.accept(event);
      }
    };
  }

  private static ThreadFactory threads(String prefix) {
    AtomicInteger count = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, prefix + count.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }
}

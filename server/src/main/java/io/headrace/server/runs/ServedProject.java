package io.headrace.server.runs;

import io.headrace.catalog.Environments;
import io.headrace.engine.Cancellation;
import io.headrace.engine.Pause;
import io.headrace.error.ConflictException;
import io.headrace.error.HeadraceException;
import io.headrace.export.ExportOutcome;
import io.headrace.export.Exporter;
import io.headrace.graph.Graph;
import io.headrace.graph.Selection;
import io.headrace.project.Export;
import io.headrace.project.Project;
import io.headrace.query.Snapshots;
import io.headrace.run.Follower;
import io.headrace.run.Origin;
import io.headrace.run.RunEvent;
import io.headrace.run.RunLog;
import io.headrace.run.RunRequest;
import io.headrace.run.RunResult;
import io.headrace.run.Runner;
import io.headrace.run.SharedRandom;
import io.headrace.run.Slots;
import io.headrace.table.TableName;
import io.headrace.workspace.Workspace;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * A project that is served, and the runs of it in this process. All of them share the engine and
 * its slots. Each reads the project when it begins, and knows nothing of later changes. Safe for
 * many threads.
 */
public final class ServedProject implements AutoCloseable {
  /** Runs that are over and still remembered here with all their events. */
  private static final int MOST_OVER = 200;

  private static final Duration LONGEST_STOP = Duration.ofSeconds(15);

  private final String name;
  private final Revisions revisions;
  private final int jobs;
  private final RandomGenerator random;
  private final Pause pause;
  private final SharedReads<ProjectRead> reads = new SharedReads<>();
  private final Slots slots;
  private final Topics topics;
  private final Cancellation closing = new Cancellation();
  private final ExecutorService threads;
  private final Map<String, OngoingRun> runs = new LinkedHashMap<>();
  private final Deque<String> over = new ArrayDeque<>();
  private final List<RunListener> listeners = new CopyOnWriteArrayList<>();

  /**
   * Serves an opened project. Closing this leaves the workspace open.
   *
   * @param jobs how many tables are built at the same time, of all runs together
   */
  public ServedProject(
      String name, Workspace workspace, int jobs, RandomGenerator random, Pause pause) {
    this(name, Revisions.of(workspace), jobs, random, pause);
  }

  /**
   * Serves revisions of a project. Closing this leaves them open.
   *
   * @param jobs how many tables are built at the same time, of all runs together
   */
  public ServedProject(
      String name, Revisions revisions, int jobs, RandomGenerator random, Pause pause) {
    this.name = name;
    this.revisions = revisions;
    this.jobs = jobs;
    this.random = new SharedRandom(random);
    this.pause = pause;
    this.slots = new Slots(jobs, revisions.current().engineSettings().memoryBytes());
    this.topics = new Topics(revisions::current, now -> readProject(now, closing));
    this.threads =
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, "headrace-run");
              thread.setDaemon(true);
              return thread;
            });
  }

  public String name() {
    return name;
  }

  /** Who takes events for its tables. */
  public Topics topics() {
    return topics;
  }

  /** The project as it is now. A run keeps to what it finds when it begins. */
  public Workspace workspace() {
    return revisions.current();
  }

  /** The states of its files. */
  public Revisions revisions() {
    return revisions;
  }

  /** Tells somebody of all runs from now on. */
  public void listen(RunListener listener) {
    listeners.add(listener);
  }

  /** Runs that go on, or were over not long ago, oldest first. */
  public synchronized List<OngoingRun> runs() {
    return List.copyOf(runs.values());
  }

  public synchronized Optional<OngoingRun> find(String run) {
    return Optional.ofNullable(runs.get(run));
  }

  /** Starts a run, and returns at once. */
  public OngoingRun start(Order order) {
    return start(order, newId());
  }

  /**
   * Starts a run, and returns at once. A run of this process that has the name already is returned
   * instead.
   *
   * @throws ConflictException if the name is that of a run that was ordered otherwise
   */
  public OngoingRun start(Order order, String id) {
    Cancellation.Child child = closing.child();
    OngoingRun run;
    synchronized (this) {
      OngoingRun known = runs.get(id);
      if (known != null) {
        child.close();
        return same(known, order);
      }
      run = register(order, id, child.cancellation());
    }
    threads.execute(
        () -> {
          try (child) {
            carryOut(run, Optional.empty());
          }
        });
    return run;
  }

  private static OngoingRun same(OngoingRun known, Order order) {
    if (!known.order().equals(order)) {
      throw new ConflictException(
          "The key of this request is that of another run", "Give each request a key of its own");
    }
    return known;
  }

  /**
   * Runs in this thread, until it is over.
   *
   * @param cancel ends it too
   */
  public OngoingRun run(Order order, Cancellation cancel) {
    return run(order, Optional.empty(), cancel);
  }

  /**
   * Runs in this thread, until it is over.
   *
   * @param revision whose files it uses; the newest if empty
   * @param cancel ends it too
   */
  public OngoingRun run(Order order, Optional<String> revision, Cancellation cancel) {
    try (Cancellation.Child child = closing.child()) {
      Cancellation own = child.cancellation();
      OngoingRun run = register(order, newId(), own);
      try (Cancellation.Registration registration =
          cancel.onRequest(() -> own.request(cancel.reason()))) {
        carryOut(run, revision);
      }
      return run;
    }
  }

  /**
   * Keeps tables up to date with what arrives, in this thread, until {@code cancel} is requested.
   * Each batch is a run.
   *
   * @param told hears of batches that could not begin or publish; they are tried again
   * @throws HeadraceException if it cannot go on
   */
  public void follow(Order order, Duration interval, FollowListener told, Cancellation cancel) {
    Cancellation.Child child = closing.child();
    Cancellation own = child.cancellation();
    try (child;
        Revisions.Use use = revisions.take(Optional.empty());
        Cancellation.Registration registration =
            cancel.onRequest(() -> own.request(cancel.reason()))) {
      Workspace workspace = use.workspace();
      ProjectRead read = read(workspace, own);
      Project project = read.project();
      Supplier<Project> reader =
          workspace.revision().isPresent() ? () -> project : () -> readProject(workspace, own);
      new Follower(
              workspace,
              project,
              read.graph(order.parameters()),
              random,
              pause,
              interval,
              Optional.of(slots),
              reader)
          .follow(
              each -> request(order, each, Optional.empty()),
              new Batches(this, order, workspace, project, told, own),
              own);
    }
  }

  private ProjectRead read(Workspace workspace, Cancellation cancel) {
    return reads.read(
        workspace, () -> new ProjectRead(workspace, readProject(workspace, cancel)), cancel);
  }

  private Project readProject(Workspace workspace, Cancellation cancel) {
    return SteadyReads.read(workspace, pause, cancel, workspace::readProject);
  }

  /** Is told what a followed run cannot do. */
  @FunctionalInterface
  public interface FollowListener {
    void failed(HeadraceException failure);
  }

  /** Makes runs known here that somebody else carries out, such as a command. */
  public WatchedRun watch(RunRequest request, Cancellation cancel) {
    return new WatchedRun(this, Order.of(request), cancel);
  }

  /**
   * Carries out runs beside the others, with the same slots.
   *
   * @param workspace that the project was read in
   */
  public Runner runner(Workspace workspace, Project project, Graph graph) {
    return new Runner(workspace, project, graph, random, pause, slots);
  }

  private String newId() {
    return Runner.newRunId(workspace().clock().instant(), random);
  }

  synchronized OngoingRun register(Order order, String id, Cancellation cancel) {
    OngoingRun run = new OngoingRun(id, order, workspace().clock().instant(), cancel);
    runs.put(id, run);
    listeners.forEach(listener -> listener.begun(this, run));
    return run;
  }

  void happened(OngoingRun run, RunEvent event) {
    run.add(event);
    listeners.forEach(listener -> listener.happened(this, run, event));
  }

  /** Listeners come first: who waits for the end of the run finds that they know of it. */
  synchronized void isOver(OngoingRun run) {
    listeners.forEach(listener -> listener.over(this, run));
    run.over();
    over.add(run.id());
    while (over.size() > MOST_OVER) {
      runs.remove(over.remove());
    }
  }

  private void carryOut(OngoingRun run, Optional<String> revision) {
    RunLog log = log();
    try (Revisions.Use use = revisions.take(revision)) {
      Workspace workspace = use.workspace();
      ProjectRead read = read(workspace, run.cancellation());
      Project project = read.project();
      Graph graph = read.graph(run.order().parameters());
      RunRequest request = request(run.order(), graph, Optional.of(run.id()));
      RunResult result =
          runner(workspace, project, graph)
              .run(
                  request,
                  event -> {
                    log.accept(event);
                    happened(run, event);
                  },
                  run.cancellation());
      run.end(result);
      deliver(workspace, project, result, run);
    } catch (RuntimeException e) {
      run.fail(e);
    } finally {
      isOver(run);
    }
  }

  RunLog log() {
    return new RunLog(workspace().stateFolder().resolve("runs"), workspace().clock());
  }

  /** Brings what the run may have made due to where it goes. A failure undoes nothing. */
  void deliver(Workspace workspace, Project project, RunResult result, OngoingRun run) {
    if (result.isGood() || result.commit().isPresent()) {
      deliver(workspace, project, result.environment(), run.cancellation()).forEach(run::add);
    }
  }

  /**
   * Delivers what an environment points at, as after a run. A failure undoes nothing.
   *
   * @return what was done
   */
  public List<ExportOutcome> deliver(String environment) {
    try (Cancellation.Child child = closing.child();
        Revisions.Use use = revisions.take(Optional.empty())) {
      Workspace workspace = use.workspace();
      return deliver(workspace, workspace.readProject(), environment, child.cancellation());
    }
  }

  private List<ExportOutcome> deliver(
      Workspace workspace, Project project, String environment, Cancellation cancel) {
    Exporter exporter = new Exporter(workspace);
    List<ExportOutcome> outcomes = new ArrayList<>();
    for (Export export : project.exports().values()) {
      if (export.environment().equals(environment) && exporter.mayBeDue(export)) {
        outcomes.add(exporter.deliver(export, cancel));
      }
    }
    return outcomes;
  }

  RunRequest request(Order order, Graph graph, Optional<String> id) {
    Environments environments = workspace().catalog().environments();
    new Snapshots(environments, ZoneOffset.UTC).require(order.environment());
    Set<TableName> selected = Selection.of(graph, order.select());
    return new RunRequest(
        order.environment(),
        selected,
        Selection.of(graph, selected, order.refresh()),
        Selection.of(graph, selected, order.forward()),
        jobs,
        order.publish(),
        order.author(),
        order.message(),
        Optional.empty(),
        Optional.empty(),
        false,
        new Origin(order.cause(), id, order.fence()));
  }

  /** Asks all runs to stop, and waits for them a while. */
  @Override
  public void close() {
    closing.request("the server stops");
    topics.close();
    threads.shutdown();
    try {
      boolean unused = threads.awaitTermination(LONGEST_STOP.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

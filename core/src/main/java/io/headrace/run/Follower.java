package io.headrace.run;

import io.headrace.catalog.FencedException;
import io.headrace.catalog.Snapshot;
import io.headrace.catalog.Versions;
import io.headrace.engine.Cancellation;
import io.headrace.engine.CancelledException;
import io.headrace.engine.Pause;
import io.headrace.error.HeadraceException;
import io.headrace.error.ProjectException;
import io.headrace.fingerprint.Recipes;
import io.headrace.graph.Graph;
import io.headrace.graph.Node;
import io.headrace.plan.Plan;
import io.headrace.plan.Plan.Action;
import io.headrace.plan.Plan.Planned;
import io.headrace.project.Project;
import io.headrace.project.Task;
import io.headrace.table.TableName;
import io.headrace.workspace.OpenSources;
import io.headrace.workspace.Workspace;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Keeps an environment up to date with what its sources have: looks at them again and again, and
 * runs over what arrived. Each batch is a run like any other, published in one commit together with
 * how far it has read: so there is nothing to recover when this ends, however it ends.
 *
 * <p>What arrives while a batch runs is the next batch: so batches grow with the backlog.
 */
public final class Follower {
  /** The pause after failures in a row doubles up to this. */
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  private final Workspace workspace;
  private final RandomGenerator random;
  private final Pause pause;
  private final Duration interval;
  private final Optional<Slots> slots;
  private final Supplier<Project> reader;
  private Project project;
  private Graph graph;
  private Optional<Project> declined = Optional.empty();
  private String lastMistakes = "";
  private int failures;

  /**
   * Follows with an engine to itself.
   *
   * @param project what is followed first
   * @param interval from one look at the sources to the next; a batch may take longer
   */
  public Follower(
      Workspace workspace,
      Project project,
      Graph graph,
      RandomGenerator random,
      Pause pause,
      Duration interval) {
    this(
        workspace,
        project,
        graph,
        random,
        pause,
        interval,
        Optional.empty(),
        workspace::readProject);
  }

  /**
   * Follows beside other runs.
   *
   * @param slots that bound what is computed at the same time, if others hold them too
   * @param reader of the project's files, asked before each batch
   */
  public Follower(
      Workspace workspace,
      Project project,
      Graph graph,
      RandomGenerator random,
      Pause pause,
      Duration interval,
      Optional<Slots> slots,
      Supplier<Project> reader) {
    this.workspace = workspace;
    this.project = project;
    this.graph = graph;
    this.random = random;
    this.pause = pause;
    this.interval = interval;
    this.slots = slots;
    this.reader = reader;
  }

  /** Is told what happens, by one thread. */
  public interface Listener {
    /** Something happened in a batch. */
    void event(RunEvent event);

    /**
     * A batch is over.
     *
     * @param behind how many rows of sources are not published yet, at most, by table; without
     *     those that do not count them
     */
    void batch(RunResult result, SortedMap<TableName, Long> behind);

    /** A batch could not begin or publish; it is tried again. */
    void failed(HeadraceException failure);

    /**
     * The project's files say something else than what is followed. Asked once for each state of
     * them.
     *
     * @return the project's graph, if that is to be followed from now on
     */
    Optional<Graph> changed(Project project);
  }

  /**
   * Follows until {@code cancel} is requested.
   *
   * @param request what each batch does; asked again when the project changes
   * @throws FencedException if another does this now
   * @throws UndecidedException if the code of incremental tables changed, and the first request
   *     does not say what becomes of their rows
   */
  public void follow(Function<Graph, RunRequest> request, Listener listener, Cancellation cancel) {
    RunRequest wanted = request.apply(graph);
    try (OpenSources sources = new OpenSources(workspace.connectors()::open, workspace.clock())) {
      while (!cancel.isRequested()) {
        Instant began = workspace.clock().instant();
        wanted = adopt(listener) ? request.apply(graph) : wanted;
        wanted = batch(wanted, sources, listener, cancel);
        Duration took = Duration.between(began, workspace.clock().instant());
        Duration left = pauseAfterBatch().minus(took);
        if (!left.isNegative() && !left.isZero()) {
          pause.waitFor(left, cancel);
        }
      }
    } catch (CancelledException e) {
      // That is how following ends.
    }
  }

  /** Runs if anything arrived; returns what the next batch does. */
  private RunRequest batch(
      RunRequest request, OpenSources sources, Listener listener, Cancellation cancel) {
    try {
      Optional<RunResult> result =
          new Runner(workspace, project, graph, random, pause, slots, sources::positions)
              .runIf(request, plan -> failures > 0 || hasArrived(plan), listener::event, cancel);
      result.ifPresent(done -> listener.batch(done, behind(done, sources, cancel)));
      boolean failed = result.isPresent() && !result.get().isGood();
      failures = failed ? failures + 1 : 0;
      // What was asked to be built although nothing changed has been built.
      return result.isPresent() && !failed ? request.with(Set.of(), request.forward()) : request;
    } catch (CancelledException | UndecidedException | FencedException e) {
      throw e;
    } catch (HeadraceException e) {
      failures++;
      listener.failed(e);
      return request;
    }
  }

  /** How many rows of each source that counts them came since what is published was read. */
  private SortedMap<TableName, Long> behind(
      RunResult result, OpenSources sources, Cancellation cancel) {
    SortedMap<TableName, Long> behind = new TreeMap<>();
    Versions versions = workspace.catalog().versions();
    Snapshot head = workspace.catalog().environments().head(result.environment());
    for (Node node : graph.nodes().values()) {
      Optional<String> version = head.version(node.name());
      if (version.isPresent()
          && !node.task().isOfRejected()
          && node.task().body() instanceof Task.External external
          && external.hasCursor()) {
        try {
          sources
              .behind(external, Recipes.reached(versions, version.get()), cancel)
              .ifPresent(count -> behind.put(node.name(), count));
        } catch (CancelledException e) {
          // The batch is to be told all the same, and then this ends.
          return behind;
        } catch (HeadraceException e) {
          // That is no reason not to tell of the batch; if it lasts, the next look says so.
        }
      }
    }
    return behind;
  }

  private Duration pauseAfterBatch() {
    Duration wait = interval.multipliedBy(1L << Math.min(failures, 16));
    return wait.compareTo(LONGEST_PAUSE) < 0 || failures == 0 ? wait : LONGEST_PAUSE;
  }

  /** Takes over what the project's files say now, if somebody wants that. */
  private boolean adopt(Listener listener) {
    Project now;
    try {
      now = reader.get();
      lastMistakes = "";
    } catch (ProjectException e) {
      if (!lastMistakes.equals(e.getMessage())) {
        lastMistakes = String.valueOf(e.getMessage());
        listener.failed(e);
      }
      return false;
    }
    if (now.equals(project) || declined.equals(Optional.of(now))) {
      return false;
    }
    Optional<Graph> adopted = listener.changed(now);
    if (adopted.isEmpty()) {
      declined = Optional.of(now);
      return false;
    }
    project = now;
    graph = adopted.get();
    return true;
  }

  /**
   * Whether there is something to do but what is built at every run: else there would be no end of
   * it.
   */
  private static boolean hasArrived(Plan plan) {
    Set<TableName> always = new HashSet<>();
    boolean arrived = !plan.removed().isEmpty();
    for (Planned task : plan.tasks()) {
      Node node = task.node();
      boolean isNew = plan.base().version(node.name()).isEmpty();
      boolean isAlways =
          !node.unidentified().isEmpty() || node.inputs().stream().anyMatch(always::contains);
      if (isAlways && !isNew) {
        always.add(node.name());
      } else {
        arrived |=
            task.action() == Action.BUILD
                || !task.version().equals(plan.base().version(node.name()));
      }
    }
    return arrived;
  }
}

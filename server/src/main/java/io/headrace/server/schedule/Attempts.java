package io.headrace.server.schedule;

import io.headrace.catalog.Fence;
import io.headrace.catalog.FencedException;
import io.headrace.catalog.Schedules;
import io.headrace.catalog.Schedules.Standing;
import io.headrace.catalog.Tick;
import io.headrace.engine.Cancellation;
import io.headrace.error.HeadraceException;
import io.headrace.export.ExportOutcome;
import io.headrace.run.LeaseKeeper;
import io.headrace.run.RunResult;
import io.headrace.run.TaskOutcome;
import io.headrace.schedule.Schedule;
import io.headrace.schedule.Trigger;
import io.headrace.server.runs.OngoingRun;
import io.headrace.server.runs.Order;
import io.headrace.server.runs.ServedProject;
import io.headrace.trigger.Outlook;
import io.headrace.trigger.Verdict;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/** Does what is due, under the lease of the schedule. Safe for many threads. */
final class Attempts implements AutoCloseable {
  /** How long somebody else's lease is left alone. */
  private static final Duration OTHERS = Duration.ofSeconds(2);

  private static final Duration AFTER_FAILURE = Duration.ofSeconds(10);

  private final ServedProject project;
  private final Outlook outlook;
  private final String server;
  private final Journal journal;
  private final Clock clock;
  private final AtomicLong count = new AtomicLong();
  private final Cancellation closing = new Cancellation();

  Attempts(ServedProject project, Outlook outlook, String server, Journal journal) {
    this.project = project;
    this.outlook = outlook;
    this.server = server;
    this.journal = journal;
    this.clock = project.workspace().clock();
  }

  /**
   * Does what is due of a schedule, if nobody else does.
   *
   * @param mayRun whether it may be run; if not, only what is not to be run is recorded
   * @param gone ends what has no end of its own
   * @return how long to leave it alone then
   */
  Duration carryOut(Schedule schedule, boolean mayRun, Cancellation gone) {
    String name = schedule.name();
    Fence fence =
        new Fence(Outlook.author(schedule), "%s %d".formatted(server, count.incrementAndGet()));
    try (Cancellation.Child child = closing.child();
        LeaseKeeper keeper =
            new LeaseKeeper(
                project.workspace().catalog().leases(),
                fence.owner(),
                clock,
                () -> look(schedule, fence, child.cancellation()))) {
      if (!keeper.tryAcquire(fence.key())) {
        return OTHERS;
      }
      try {
        carryOut(schedule, mayRun, fence, gone, child.cancellation());
      } finally {
        keeper.release(fence.key());
      }
      return Duration.ZERO;
    } catch (FencedException e) {
      return OTHERS;
    } catch (HeadraceException e) {
      journal.failed(project.name(), name, e);
      return AFTER_FAILURE;
    }
  }

  /** Stops what another server does by now, and what would go on through a pause. */
  private void look(Schedule schedule, Fence fence, Cancellation cancel) {
    if (!project.workspace().catalog().leases().isHeld(fence)) {
      cancel.request("another server has taken it over");
    } else if (schedule.trigger() instanceof Trigger.Follow
        && standing(schedule).paused().isPresent()) {
      cancel.request("the schedule is paused");
    }
  }

  private Standing standing(Schedule schedule) {
    return schedules().keep(schedule.name(), clock.instant());
  }

  private void carryOut(
      Schedule schedule, boolean mayRun, Fence fence, Cancellation gone, Cancellation cancel) {
    Standing standing = standing(schedule);
    if (schedule.trigger() instanceof Trigger.Follow follow) {
      if (standing.paused().isEmpty()) {
        try (Cancellation.Registration registration =
            gone.onRequest(() -> cancel.request(gone.reason()))) {
          follow(schedule, follow, fence, cancel);
        }
      }
      return;
    }
    Instant now = clock.instant();
    Verdict verdict = outlook.of(schedule, standing, now);
    if (verdict instanceof Verdict.GiveUp giveUp) {
      Tick tick =
          Tick.begun(
              schedule.name(), standing.nextNumber(), giveUp.occasion(), giveUp.missed(), now);
      record(tick.over(giveUp.state(), Optional.empty(), giveUp.message(), now), fence);
    } else if (mayRun && verdict instanceof Verdict.GoOn open) {
      goOn(schedule, open.tick(), fence, cancel);
    } else if (mayRun && verdict instanceof Verdict.Begin begin) {
      Tick tick =
          Tick.begun(schedule.name(), standing.nextNumber(), begin.occasion(), begin.missed(), now);
      run(schedule, tick, begin.requests(), fence, cancel);
    }
  }

  /** Somebody began with it and died: what he published is published, and the rest is done now. */
  private void goOn(Schedule schedule, Tick open, Fence fence, Cancellation cancel) {
    if (project.workspace().catalog().runs().committed(open.cause()).isPresent()) {
      record(open.over(Tick.State.PUBLISHED, open.run(), "", clock.instant()), fence);
      return;
    }
    run(schedule, open.again(clock.instant()), List.of(), fence, cancel);
  }

  private void run(
      Schedule schedule, Tick tick, List<Long> requests, Fence fence, Cancellation cancel) {
    if (!schedules().record(tick, requests, fence)) {
      return;
    }
    if (!tick.occasion().lacks().isEmpty()) {
      journal.dealtWith(project.name(), tick);
    }
    Map<String, String> values = new TreeMap<>(schedule.parametersAt(tick.due()));
    values.putAll(tick.occasion().parameters());
    Order order = Order.of(schedule, values, Outlook.author(schedule)).because(tick.cause(), fence);
    Optional<String> revision = Optional.empty();
    if (schedule.trigger() instanceof Trigger.OnRevision on) {
      revision = Optional.of(on.commit());
      Sandboxes.open(project.workspace(), schedule);
    }
    OngoingRun run = project.run(order, revision, cancel);
    if (cancel.isRequested()) {
      // The tick stays open: whoever has the lease next goes on with it.
      return;
    }
    Optional<RunResult> result = run.result();
    Tick.State state = result.map(r -> Tick.State.of(r.state())).orElse(Tick.State.FAILED);
    String lacks = tick.occasion().lacks();
    String message = message(run);
    record(
        tick.over(
            state,
            Optional.of(run.id()),
            message.isEmpty() && !lacks.isEmpty() ? "run without " + lacks : message,
            clock.instant()),
        fence);
  }

  private void record(Tick tick, Fence fence) {
    if (schedules().record(tick, fence)) {
      journal.dealtWith(project.name(), tick);
    }
  }

  /** What went wrong, in a line. */
  private static String message(OngoingRun run) {
    Optional<HeadraceException> failure = run.failure();
    if (failure.isPresent()) {
      return String.valueOf(failure.get().getMessage());
    }
    List<String> failures =
        run.result().stream()
            .flatMap(result -> result.tasks(TaskOutcome.Kind.FAILED).stream())
            .map(task -> "%s: %s".formatted(task.table(), task.message()))
            .collect(Collectors.toList());
    run.result().stream()
        .flatMap(result -> result.checks().stream())
        .filter(check -> check.blocks())
        .forEach(check -> failures.add(check.message()));
    run.exports().stream()
        .filter(outcome -> outcome.kind() == ExportOutcome.Kind.FAILED)
        .forEach(outcome -> failures.add(outcome.message()));
    return String.join("; ", failures);
  }

  /** Until the schedule changes, is paused, or another has it. */
  private void follow(Schedule schedule, Trigger.Follow follow, Fence fence, Cancellation cancel) {
    Order order =
        Order.of(schedule, schedule.parameters(), Outlook.author(schedule))
            .because(fence.key(), fence);
    project.follow(
        order,
        follow.interval(),
        failure -> journal.failed(project.name(), schedule.name(), failure),
        cancel);
  }

  private Schedules schedules() {
    return project.workspace().catalog().schedules();
  }

  /** Asks all that goes on to end. */
  @Override
  public void close() {
    closing.request("the server stops");
  }
}

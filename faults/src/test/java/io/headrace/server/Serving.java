package io.headrace.server;

import io.headrace.catalog.Tick;
import io.headrace.engine.Pause;
import io.headrace.error.HeadraceException;
import io.headrace.faults.TestProject;
import io.headrace.server.runs.ServedProject;
import io.headrace.server.schedule.AllSchedules;
import io.headrace.server.schedule.Journal;
import io.headrace.server.schedule.Scheduler;
import io.headrace.trigger.Upstreams;
import io.headrace.workspace.Workspace;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/** A server of a project, but for HTTP: it can be started, stopped, and asked. */
final class Serving implements AutoCloseable {
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

  private static final Journal NOBODY = Journal.all(List.of());

  private final Workspace workspace;
  private final ServedProject project;
  private final Optional<Scheduler> scheduler;
  private final List<Tick> told = Collections.synchronizedList(new ArrayList<>());
  private final List<String> failures = Collections.synchronizedList(new ArrayList<>());

  private Serving(
      TestProject test,
      Clock clock,
      boolean keepsSchedules,
      int places,
      Function<ServedProject, Journal> listener) {
    this(test, clock, keepsSchedules, new AllSchedules(), places, listener);
  }

  private Serving(
      TestProject test,
      Clock clock,
      boolean keepsSchedules,
      AllSchedules all,
      int places,
      Function<ServedProject, Journal> listener) {
    this.workspace = test.open(TestProject.Parts.USUAL.with(clock));
    this.project = new ServedProject("shop", workspace, 2, new SplittableRandom(), Pause.REAL);
    Journal journal = Journal.all(List.of(new Told(), listener.apply(project)));
    this.scheduler =
        keepsSchedules
            ? Optional.of(
                Scheduler.start(
                    project, all, Upstreams.NONE, UUID.randomUUID().toString(), places, journal))
            : Optional.empty();
  }

  static Serving start(TestProject test, Clock clock) {
    return new Serving(test, clock, true, 4, project -> NOBODY);
  }

  static Serving start(TestProject test, Clock clock, int places) {
    return new Serving(test, clock, true, places, project -> NOBODY);
  }

  /** In a server that keeps other projects too. */
  static Serving start(TestProject test, Clock clock, AllSchedules all) {
    return new Serving(test, clock, true, all, 4, project -> NOBODY);
  }

  /** With somebody who is told of schedules, and may listen to the project. */
  static Serving start(TestProject test, Clock clock, Function<ServedProject, Journal> listener) {
    return new Serving(test, clock, true, 4, listener);
  }

  /** The same with nobody who keeps the schedules. */
  static Serving watched(TestProject test, Clock clock, Function<ServedProject, Journal> listener) {
    return new Serving(test, clock, false, 4, listener);
  }

  static Serving withoutSchedules(TestProject test) {
    return new Serving(test, Clock.systemUTC(), false, 4, project -> NOBODY);
  }

  private final class Told implements Journal {
    @Override
    public void dealtWith(String name, Tick tick) {
      told.add(tick);
    }

    @Override
    public void failed(String name, String schedule, HeadraceException failure) {
      failures.add(schedule + ": " + failure.getMessage());
    }
  }

  ServedProject project() {
    return project;
  }

  Workspace workspace() {
    return workspace;
  }

  List<String> failures() {
    return List.copyOf(failures);
  }

  /** What was recorded of a schedule, the earliest first. */
  List<Tick> ticks(String schedule) {
    List<Tick> ticks =
        new ArrayList<>(
            workspace.catalog().schedules().ticks(Optional.of(schedule), Integer.MAX_VALUE));
    Collections.reverse(ticks);
    return ticks;
  }

  /** Those that are over. */
  List<Tick> over(String schedule) {
    return ticks(schedule).stream().filter(tick -> tick.state() != Tick.State.RUNNING).toList();
  }

  /** Waits until that many ticks are over, and returns them. */
  List<Tick> await(String schedule, int number) {
    await(() -> over(schedule).size() >= number);
    return over(schedule);
  }

  static void await(BooleanSupplier condition) {
    await(LONGEST_WAIT, condition);
  }

  static void await(Duration longest, BooleanSupplier condition) {
    long end = System.nanoTime() + longest.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("It did not happen in " + longest);
      }
      try {
        Thread.sleep(20);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  @Override
  public void close() {
    scheduler.ifPresent(Scheduler::close);
    project.close();
    workspace.close();
  }
}

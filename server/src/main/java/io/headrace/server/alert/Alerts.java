package io.headrace.server.alert;

import io.headrace.catalog.Runs;
import io.headrace.catalog.Tick;
import io.headrace.engine.Pause;
import io.headrace.error.HeadraceException;
import io.headrace.identity.FileStamp;
import io.headrace.project.AlertChannel;
import io.headrace.project.AlertChannel.Kind;
import io.headrace.project.ProjectReader;
import io.headrace.project.Settings;
import io.headrace.run.TaskOutcome;
import io.headrace.server.runs.OngoingRun;
import io.headrace.server.runs.RunListener;
import io.headrace.server.runs.ServedProject;
import io.headrace.server.schedule.Journal;
import io.headrace.workspace.Workspace;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Tells people when something of a project does not work any more, again from time to time while it
 * does not, and when it does again. What was wrong before a restart is told by the catalog, so that
 * nothing is told twice for one. Never holds a run up. Safe for many threads.
 */
public final class Alerts implements Journal, RunListener, AutoCloseable {
  private static final int PREVIOUS_TICKS = 10;
  private static final int PREVIOUS_RUNS = 200;
  private static final String PROJECT = "project";

  private final ServedProject project;
  private final Channels channels;
  private final StateAlerts states;
  private final FreshnessWatch freshness;
  private final DurationWatch durations;
  private final Map<String, Optional<Kind>> known = new HashMap<>();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "headrace-alerts");
            thread.setDaemon(true);
            return thread;
          });
  private Settings settings;

  /** Of the file that they were read from; it may have thousands of schedules. */
  private String settingsStamp;

  private Alerts(ServedProject project, Pause pause, AlertListener listener) {
    this.project = project;
    this.settingsStamp = stamp(project.workspace());
    this.settings = project.workspace().readSettings();
    this.channels = new Channels(project, pause, listener);
    this.states = new StateAlerts(project, channels, listener);
    this.freshness = new FreshnessWatch(project, states);
    this.durations = new DurationWatch(project, states);
  }

  /**
   * Begins to watch a project.
   *
   * @param look how often the age of tables and the time of runs is looked at
   * @throws HeadraceException if the project cannot be read
   */
  public static Alerts start(
      ServedProject project, Duration look, Pause pause, AlertListener listener) {
    Alerts alerts = new Alerts(project, pause, listener);
    project.listen(alerts);
    var unused =
        alerts.thread.scheduleWithFixedDelay(
            () -> alerts.quietly(alerts::look),
            look.toMillis(),
            look.toMillis(),
            TimeUnit.MILLISECONDS);
    return alerts;
  }

  private void look() {
    Settings now = settings();
    freshness.look(now);
    durations.look(now);
    states.lookedAtAll();
  }

  @Override
  public void dealtWith(String name, Tick tick) {
    if (name.equals(project.name()) && Sighting.says(tick)) {
      later(() -> see(tick));
    }
  }

  @Override
  public void failed(String name, String schedule, HeadraceException failure) {
    if (name.equals(project.name())) {
      String subject = schedule.isEmpty() ? PROJECT : "schedule " + schedule;
      String message = String.valueOf(failure.getMessage());
      later(
          () ->
              news(subject, Optional.of(Kind.FAILED), Optional::empty, message, Optional.empty()));
    }
  }

  /** Followed batches have no ticks. */
  @Override
  public void over(ServedProject served, OngoingRun run) {
    run.order().followed().ifPresent(schedule -> later(() -> see(schedule, run)));
  }

  private void later(Runnable work) {
    try {
      thread.execute(() -> quietly(work));
    } catch (RejectedExecutionException e) {
      // The server stops: whoever goes on with the schedule sees it in the catalog.
    }
  }

  /** If the catalog cannot be read, there is another occasion; schedules say what is wrong. */
  private void quietly(Runnable work) {
    try {
      work.run();
    } catch (HeadraceException e) {
      // as above
    } catch (RuntimeException e) {
      // A defect, told as any of a thread, but the age of tables is looked at again.
      Thread own = Thread.currentThread();
      own.getUncaughtExceptionHandler().uncaughtException(own, e);
    }
  }

  private void see(Tick tick) {
    Optional<Kind> trouble = Sighting.of(tick);
    news(
        "schedule " + tick.schedule(),
        trouble,
        () ->
            Sighting.before(
                tick,
                project
                    .workspace()
                    .catalog()
                    .schedules()
                    .ticks(Optional.of(tick.schedule()), PREVIOUS_TICKS)),
        Sighting.words(tick),
        tick.run());
    // Its run read the project, which it could not if that were still wrong.
    if (tick.state() != Tick.State.FAILED && known.containsKey(PROJECT)) {
      news(PROJECT, Optional.empty(), Optional::empty, "", Optional.empty());
    }
  }

  private void see(String schedule, OngoingRun run) {
    boolean isGood = run.result().filter(result -> result.isGood()).isPresent();
    if (run.result().filter(result -> result.state() == Runs.State.CANCELLED).isPresent()) {
      return;
    }
    news(
        "schedule " + schedule,
        isGood ? Optional.empty() : Optional.of(Kind.FAILED),
        () ->
            Sighting.before(
                run.id(),
                run.order().cause(),
                project.workspace().catalog().runs().list(PREVIOUS_RUNS)),
        isGood ? "" : message(run),
        Optional.of(run.id()));
  }

  private static String message(OngoingRun run) {
    return run.failure()
        .map(failure -> String.valueOf(failure.getMessage()))
        .or(
            () ->
                run.result()
                    .map(
                        result ->
                            result.tasks(TaskOutcome.Kind.FAILED).stream()
                                .map(task -> "%s: %s".formatted(task.table(), task.message()))
                                .collect(Collectors.joining("; "))))
        .orElse("");
  }

  /**
   * Tells what is new, if anything is.
   *
   * @param before what was wrong before, if this process has not seen it
   */
  private void news(
      String subject,
      Optional<Kind> trouble,
      Supplier<Optional<Kind>> before,
      String message,
      Optional<String> run) {
    Optional<Kind> last = known.containsKey(subject) ? known.get(subject) : before.get();
    known.put(subject, trouble);
    if (trouble.isEmpty() && last.isEmpty()) {
      return;
    }
    Instant now = project.workspace().clock().instant();
    for (AlertChannel channel : settings().alerts().values()) {
      if (trouble.isEmpty()) {
        channels.release(channel, subject);
        if (channel.on().contains(Kind.RECOVERED) && channel.on().contains(last.get())) {
          Alert alert = new Alert(project.name(), Kind.RECOVERED, subject, message, now, run);
          channels.send(channel, alert, Optional.empty());
        }
      } else if (channel.on().contains(trouble.get())) {
        Optional<String> claim = channels.claim(channel, subject);
        if (!trouble.equals(last) || claim.isPresent()) {
          Alert alert = new Alert(project.name(), trouble.get(), subject, message, now, run);
          channels.send(channel, alert, claim);
        }
      }
    }
  }

  /** As they are now or, if the project cannot be read, were when it could. */
  private Settings settings() {
    Workspace workspace = project.workspace();
    String now = stamp(workspace);
    if (!now.equals(settingsStamp)) {
      try {
        settings = workspace.readSettings();
      } catch (HeadraceException e) {
        // The schedules say so.
      }
      settingsStamp = now;
    }
    return settings;
  }

  private static String stamp(Workspace workspace) {
    String file = FileStamp.of(workspace.root().resolve(ProjectReader.SETTINGS));
    return file + workspace.revision().orElse("");
  }

  @Override
  public void close() {
    thread.shutdown();
    try {
      boolean unused = thread.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    channels.close();
  }
}

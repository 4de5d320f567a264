package io.headrace.server.schedule;

import io.headrace.catalog.Schedules;
import io.headrace.catalog.Schedules.Standing;
import io.headrace.error.HeadraceException;
import io.headrace.project.ProjectReader;
import io.headrace.project.Settings;
import io.headrace.schedule.Schedule;
import io.headrace.schedule.Trigger;
import io.headrace.server.runs.ServedProject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Keeps the schedules of a project. It sleeps until the next of them is due, whatever their number;
 * what is due it hands to threads, as many as pools have places. Safe for many threads; several
 * schedulers may keep one project, in one process or in many.
 */
public final class Scheduler implements AutoCloseable {
  /** How long until something that others do is looked at again: changed files, a pause. */
  private static final Duration LOOK = Duration.ofSeconds(1);

  private static final Duration LOOK_AT_PAUSED = Duration.ofSeconds(3);
  private static final Duration LONGEST_STOP = Duration.ofSeconds(15);

  private final ServedProject project;
  private final Journal journal;
  private final Clock clock;
  private final Attempts attempts;
  private final Pools pools;
  private final Map<String, Job> jobs = new HashMap<>();
  private final PriorityQueue<Job> queue = new PriorityQueue<>(Comparator.comparing(Job::at));
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "headrace-tick");
            thread.setDaemon(true);
            return thread;
          });
  private final Thread thread;
  private Optional<FileTime> seen = Optional.empty();
  private boolean isFirst = true;
  private boolean isClosed;

  private Scheduler(ServedProject project, String server, int places, Journal journal) {
    this.project = project;
    this.journal = journal;
    this.clock = project.workspace().clock();
    this.pools = new Pools(places);
    this.attempts = new Attempts(project, server, journal);
    this.thread = new Thread(this::keep, "headrace-scheduler");
    thread.setDaemon(true);
  }

  /**
   * Begins to keep the schedules of a project.
   *
   * @param server a name that no other server ever has
   * @param places how many runs go on at the same time in a pool of which the project does not say
   */
  public static Scheduler start(ServedProject project, String server, int places, Journal journal) {
    Scheduler scheduler = new Scheduler(project, server, places, journal);
    scheduler.thread.start();
    return scheduler;
  }

  private synchronized void keep() {
    while (!isClosed) {
      Instant now = clock.instant();
      takeOverChanges(now);
      while (!queue.isEmpty() && !queue.peek().at().isAfter(now)) {
        look(queue.remove(), now);
      }
      dispatch();
      try {
        TimeUnit.NANOSECONDS.timedWait(this, untilNext().toNanos());
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  /** At least a millisecond: clocks are no finer, and to wait for no time is to wait for ever. */
  private Duration untilNext() {
    Duration next =
        queue.isEmpty() ? LOOK : Duration.between(clock.instant(), queue.peek().at()).plusMillis(1);
    Duration least = Duration.ofMillis(1);
    return next.compareTo(LOOK) > 0 ? LOOK : next.compareTo(least) < 0 ? least : next;
  }

  /**
   * Reads the schedules again if their file is another; if it is wrong, they stay what they were.
   */
  private void takeOverChanges(Instant now) {
    Optional<FileTime> time = fileTime();
    if (!isFirst && time.equals(seen)) {
      return;
    }
    isFirst = false;
    seen = time;
    try {
      Settings settings = project.workspace().readSettings();
      pools.setPlaces(settings.pools());
      takeOver(settings.schedules(), now);
    } catch (HeadraceException e) {
      journal.failed(project.name(), "", e);
    }
  }

  private Optional<FileTime> fileTime() {
    Path file = project.workspace().root().resolve(ProjectReader.SETTINGS);
    try {
      return Optional.of(Files.getLastModifiedTime(file));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private void takeOver(SortedMap<String, Schedule> schedules, Instant now) {
    Map<String, Job> before = new TreeMap<>(jobs);
    schedules.forEach(
        (name, schedule) -> {
          Job job = before.remove(name);
          if (job != null && job.schedule().equals(schedule)) {
            return;
          }
          if (job != null) {
            drop(job);
          }
          Job added = new Job(schedule, now);
          jobs.put(name, added);
          queue.add(added);
        });
    before.forEach(
        (name, job) -> {
          drop(job);
          jobs.remove(name);
        });
  }

  /** What it does at the moment it does to the end, if that has one. */
  private void drop(Job job) {
    queue.remove(job);
    pools.remove(job);
    job.gone().request("the schedule changed");
  }

  /** Decides whether there is something to do; asks the catalog, and nobody outside. */
  private void look(Job job, Instant now) {
    try {
      Schedules schedules = project.workspace().catalog().schedules();
      Standing standing = schedules.keep(job.schedule().name(), now);
      boolean isDue =
          standing.open().isPresent()
              || job.schedule().trigger() instanceof Trigger.Follow
              || job.schedule().due(standing.after(), now).isPresent();
      if (standing.paused().isPresent()) {
        queue(job, now.plus(LOOK_AT_PAUSED));
      } else if (isDue) {
        job.setAt(now);
        pools.add(job);
      } else {
        job.schedule().next(standing.after()).ifPresent(next -> queue(job, next));
      }
    } catch (HeadraceException e) {
      journal.failed(project.name(), job.schedule().name(), e);
      queue(job, now.plus(LOOK_AT_PAUSED));
    }
  }

  private void queue(Job job, Instant at) {
    job.setAt(at);
    queue.add(job);
  }

  private void dispatch() {
    if (isClosed) {
      return;
    }
    for (Job job : pools.next()) {
      threads.execute(() -> carryOut(job));
    }
  }

  private void carryOut(Job job) {
    Duration pause = Duration.ZERO;
    try {
      pause = attempts.carryOut(job.schedule(), job.gone());
    } finally {
      finished(job, pause);
    }
  }

  private synchronized void finished(Job job, Duration pause) {
    pools.leave(job);
    if (!job.gone().isRequested() && !isClosed) {
      queue(job, clock.instant().plus(pause));
    }
    notifyAll();
  }

  /**
   * Stops. What goes on is asked to end; its ticks stay open, so that whoever starts next goes on
   * with them.
   */
  @Override
  public void close() {
    synchronized (this) {
      isClosed = true;
      notifyAll();
    }
    attempts.close();
    threads.shutdown();
    try {
      boolean unused = threads.awaitTermination(LONGEST_STOP.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

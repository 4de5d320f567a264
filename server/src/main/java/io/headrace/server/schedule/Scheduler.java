package io.headrace.server.schedule;

import io.headrace.catalog.Schedules;
import io.headrace.catalog.Schedules.Standing;
import io.headrace.error.HeadraceException;
import io.headrace.identity.FileStamp;
import io.headrace.project.ProjectReader;
import io.headrace.project.Settings;
import io.headrace.schedule.Schedule;
import io.headrace.schedule.Trigger;
import io.headrace.server.runs.Revisions.Branches;
import io.headrace.server.runs.ServedProject;
import io.headrace.trigger.Outlook;
import io.headrace.trigger.Upstreams;
import io.headrace.trigger.Verdict;
import io.headrace.workspace.Workspace;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the schedules of a project. It sleeps until the next of them is due, whatever their number;
 * what is due it hands to threads, as many as pools have places. Safe for many threads; several
 * schedulers may keep one project, in one process or in many.
 */
public final class Scheduler implements AutoCloseable {
  /** How long until something that others do is looked at again: changed files, a pause. */
  private static final Duration LOOK = Duration.ofSeconds(1);

  private static final Duration LOOK_AT_PAUSED = Duration.ofSeconds(3);
  private static final Duration LONGEST_SLEEP = Duration.ofHours(1);
  private static final Duration LONGEST_STOP = Duration.ofSeconds(15);

  private final ServedProject project;
  private final Upstreams upstreams;
  private final AllSchedules all;
  private final Outlook outlook;
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
  private @Nullable Seen seen;
  private long heard = System.nanoTime();
  private Instant lastLook = Instant.EPOCH;
  private boolean isClosed;

  private Scheduler(
      ServedProject project,
      AllSchedules all,
      Upstreams upstreams,
      String server,
      int places,
      Journal journal) {
    this.project = project;
    this.all = all;
    this.journal = journal;
    this.clock = project.workspace().clock();
    this.pools = new Pools(places);
    this.upstreams = upstreams;
    this.outlook = new Outlook(project.workspace(), upstreams);
    this.attempts = new Attempts(project, outlook, server, journal);
    this.thread = new Thread(this::keep, "headrace-scheduler");
    thread.setDaemon(true);
  }

  /**
   * Begins to keep the schedules of a project.
   *
   * @param all what every project of this server has; a change that goes ill with the others is not
   *     taken over
   * @param upstreams the other projects that schedules watch and wait for
   * @param server a name that no other server ever has
   * @param places how many runs go on at the same time in a pool of which the project does not say
   */
  public static Scheduler start(
      ServedProject project,
      AllSchedules all,
      Upstreams upstreams,
      String server,
      int places,
      Journal journal) {
    Scheduler scheduler = new Scheduler(project, all, upstreams, server, places, journal);
    scheduler.thread.start();
    return scheduler;
  }

  private synchronized void keep() {
    while (!isClosed) {
      Instant now = clock.instant();
      followClock(now);
      takeOverChanges(now);
      hearRequests(now);
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

  /** Looks at all of them again if the clock was set back: they wait for times of the old one. */
  private void followClock(Instant now) {
    if (now.isBefore(lastLook.minus(LOOK))) {
      List<Job> all = List.copyOf(queue);
      queue.clear();
      all.forEach(job -> queue(job, now));
    }
    lastLook = now;
  }

  /** Looks at once at what somebody asks for, whenever else it would be looked at. */
  private void hearRequests(Instant now) {
    if (System.nanoTime() - heard < LOOK.toNanos()) {
      return;
    }
    heard = System.nanoTime();
    try {
      for (String name : project.workspace().catalog().requests().waiting()) {
        Job job = jobs.get(name);
        if (job != null && queue.remove(job)) {
          queue(job, now);
        }
      }
    } catch (HeadraceException e) {
      journal.failed(project.name(), "", e);
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
   * Reads the schedules again if their file is another, or those of other projects are; if it is
   * wrong, they stay what they were.
   */
  private void takeOverChanges(Instant now) {
    Workspace workspace = project.workspace();
    Optional<Branches> branches = project.revisions().branches();
    Seen files =
        new Seen(
            FileStamp.of(workspace.root().resolve(ProjectReader.SETTINGS)),
            workspace.revision(),
            branches,
            all.changesOfOthers(project.name()));
    if (files.equals(seen)) {
      return;
    }
    seen = files;
    try {
      branches.ifPresent(all -> Sandboxes.deleteGone(workspace, all.names()));
      SortedMap<String, Schedule> sandboxes =
          Sandboxes.schedules(branches.map(Branches::sandboxes).orElseGet(TreeMap::new));
      Settings settings = workspace.readSettings();
      settings.schedules().values().forEach(this::requireUpstreams);
      sandboxes.putAll(settings.schedules());
      all.take(project.name(), sandboxes.values());
      pools.setPlaces(settings.pools());
      takeOver(sandboxes, workspace.revision(), now);
    } catch (HeadraceException e) {
      journal.failed(project.name(), "", e);
    }
  }

  private void requireUpstreams(Schedule schedule) {
    for (String other : schedule.upstreams()) {
      if (upstreams.catalog(other).isEmpty()) {
        journal.failed(
            project.name(),
            schedule.name(),
            new HeadraceException(
                "Cannot look at project '%s': it is not served here".formatted(other),
                "Serve both: `headrace serve FOLDER FOLDER`"));
      }
    }
  }

  /** What schedules were read from, and what may have had them refused. */
  private record Seen(
      String settings, Optional<String> revision, Optional<Branches> branches, int others) {}

  private void takeOver(
      SortedMap<String, Schedule> schedules, Optional<String> revision, Instant now) {
    Map<String, Job> before = new TreeMap<>(jobs);
    schedules.forEach(
        (name, schedule) -> {
          Job job = before.remove(name);
          if (job != null && job.isStill(schedule, revision)) {
            return;
          }
          if (job != null) {
            drop(job);
          }
          Job added = new Job(schedule, revision, now);
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

  /**
   * Decides whether there is something to do; asks the catalog and, of files that are waited for,
   * the folder.
   */
  private void look(Job job, Instant now) {
    try {
      Schedules schedules = project.workspace().catalog().schedules();
      Standing standing = schedules.keep(job.schedule().name(), now);
      if (standing.paused().isPresent()) {
        queue(job, now.plus(LOOK_AT_PAUSED));
      } else if (job.schedule().trigger() instanceof Trigger.Follow) {
        await(job, now);
      } else {
        look(job, outlook.of(job.schedule(), standing, now), now);
      }
    } catch (HeadraceException e) {
      journal.failed(project.name(), job.schedule().name(), e);
      queue(job, now.plus(LOOK_AT_PAUSED));
    }
  }

  private void look(Job job, Verdict verdict, Instant now) {
    if (verdict instanceof Verdict.Waits) {
      queue(job, now.plus(LOOK));
    } else if (verdict instanceof Verdict.GiveUp) {
      threads.execute(() -> carryOut(job, false));
    } else if (verdict instanceof Verdict.Idle idle) {
      boolean isWatching = job.schedule().trigger() instanceof Trigger.OnTables;
      Instant next = now.plus(isWatching ? LOOK : LONGEST_SLEEP);
      queue(job, idle.next().filter(next::isAfter).orElse(next));
    } else {
      await(job, now);
    }
  }

  private void await(Job job, Instant since) {
    job.setAt(since);
    pools.add(job);
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
      threads.execute(() -> carryOut(job, true));
    }
  }

  private void carryOut(Job job, boolean hasPlace) {
    Duration pause = Duration.ZERO;
    try {
      pause = attempts.carryOut(job.schedule(), hasPlace, job.gone());
    } finally {
      finished(job, hasPlace, pause);
    }
  }

  private synchronized void finished(Job job, boolean hasPlace, Duration pause) {
    if (hasPlace) {
      pools.leave(job);
    }
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

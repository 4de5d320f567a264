package io.headrace.server.alert;

import io.headrace.catalog.Schedules;
import io.headrace.catalog.Tick;
import io.headrace.catalog.Version;
import io.headrace.project.Settings;
import io.headrace.schedule.Schedule;
import io.headrace.server.runs.ServedProject;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * When the schedule that built a version will have built another, if it takes as long as it mostly
 * does. Used by one thread.
 */
final class NextBuilds {
  private final ServedProject project;

  /** By table: which schedule built which version. */
  private final Map<String, Built> built = new HashMap<>();

  /** By schedule, of this look. */
  private final Map<String, Optional<Instant>> ends = new HashMap<>();

  private SortedMap<String, Schedule> schedules = new TreeMap<>();
  private Instant now = Instant.EPOCH;

  NextBuilds(ServedProject project) {
    this.project = project;
  }

  private record Built(String version, Optional<String> schedule) {}

  /** Begins another look. */
  void begin(Settings settings, Instant moment) {
    schedules = settings.schedules();
    now = moment;
    ends.clear();
  }

  /** When it will be over; empty if nobody can tell. */
  Optional<Instant> endOfNext(Version version) {
    Built last = built.get(version.table().toString());
    if (last == null || !last.version().equals(version.id())) {
      last = new Built(version.id(), schedule(version));
      built.put(version.table().toString(), last);
    }
    return last.schedule().flatMap(name -> ends.computeIfAbsent(name, this::end));
  }

  private Optional<String> schedule(Version version) {
    return project
        .workspace()
        .catalog()
        .runs()
        .find(version.run())
        .flatMap(run -> Tick.scheduleOf(run.cause()));
  }

  private Optional<Instant> end(String name) {
    Optional<Schedule> schedule = Optional.ofNullable(schedules.get(name));
    Optional<Schedules.Standing> standing =
        project.workspace().catalog().schedules().find(name).filter(s -> s.paused().isEmpty());
    if (schedule.isEmpty() || standing.isEmpty()) {
      return Optional.empty();
    }
    TickHistory history = TickHistory.of(project.workspace().catalog(), name);
    // One that is due already is dealt with in a moment.
    Optional<Instant> next =
        schedule.get().next(standing.get().after()).map(at -> at.isBefore(now) ? now : at);
    Optional<Instant> begin = history.open().map(Tick::startedAt).or(() -> next);
    return history.typical().flatMap(takes -> begin.map(at -> at.plus(takes)));
  }
}

package io.headrace.server.schedule;

import io.headrace.error.HeadraceException;
import io.headrace.schedule.Cycles;
import io.headrace.schedule.Schedule;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The schedules of all projects that one server keeps. What a project alone may say, together with
 * others can be wrong: that they trigger each other for ever. Safe for many threads.
 */
public final class AllSchedules {
  private final Map<String, List<Schedule>> taken = new TreeMap<>();
  private final Map<String, Integer> changes = new TreeMap<>();

  /**
   * How often the schedules of projects other than this one changed. While it stays the same, what
   * was refused would be refused again.
   */
  public synchronized int changesOfOthers(String project) {
    return changes.entrySet().stream()
        .filter(each -> !each.getKey().equals(project))
        .mapToInt(Map.Entry::getValue)
        .sum();
  }

  /**
   * Takes what a project has now, in the place of what it had.
   *
   * @throws HeadraceException if they would trigger each other for ever, with those of the others
   *     as they were last taken; then nothing changes
   */
  public synchronized void take(String project, Collection<Schedule> schedules) {
    List<Cycles.Member> members = new ArrayList<>();
    schedules.forEach(schedule -> members.add(new Cycles.Member(project, schedule)));
    taken.forEach(
        (other, theirs) -> {
          if (!other.equals(project)) {
            theirs.forEach(schedule -> members.add(new Cycles.Member(other, schedule)));
          }
        });
    Optional<List<Cycles.Member>> cycle = Cycles.find(members);
    if (cycle.isPresent()) {
      throw new HeadraceException(
          "Schedules trigger each other for ever: " + Cycles.text(cycle.get()), Cycles.HINT);
    }
    List<Schedule> now = List.copyOf(schedules);
    if (!now.equals(taken.put(project, now))) {
      changes.merge(project, 1, Integer::sum);
    }
  }
}

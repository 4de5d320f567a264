package io.headrace.schedule;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds schedules that would trigger each other for ever: one publishes what another watches, and
 * so on, back to the first. A schedule's own commits do not trigger it, so that one alone is no
 * cycle.
 */
public final class Cycles {
  /** How to go on if there is one. */
  public static final String HINT =
      "Say with `select` which tables each of them publishes, or let one watch other tables";

  private Cycles() {}

  /** A schedule of a project. */
  public record Member(String project, Schedule schedule) {
    @Override
    public String toString() {
      return project.isEmpty() ? schedule.name() : project + "/" + schedule.name();
    }
  }

  /** A cycle, its first member again at the end; empty if there is none. */
  public static Optional<List<Member>> find(Collection<Member> members) {
    // Each one in a cycle watches the one before it.
    List<Member> watching =
        members.stream()
            .filter(member -> member.schedule().trigger() instanceof Trigger.OnTables)
            .toList();
    Set<Member> done = new HashSet<>();
    for (Member member : watching) {
      Optional<List<Member>> cycle = find(member, watching, new ArrayDeque<>(), done);
      if (cycle.isPresent()) {
        return cycle;
      }
    }
    return Optional.empty();
  }

  /** The members in their order. */
  public static String text(List<Member> cycle) {
    return cycle.stream().map(Member::toString).collect(Collectors.joining(" -> "));
  }

  private static Optional<List<Member>> find(
      Member member, Collection<Member> members, Deque<Member> path, Set<Member> done) {
    if (path.contains(member)) {
      List<Member> cycle = new ArrayList<>(path);
      cycle.add(member);
      return Optional.of(cycle.subList(cycle.indexOf(member), cycle.size()));
    }
    if (done.contains(member)) {
      return Optional.empty();
    }
    path.addLast(member);
    for (Member next : members) {
      if (!next.equals(member) && triggers(member, next)) {
        Optional<List<Member>> cycle = find(next, members, path, done);
        if (cycle.isPresent()) {
          return cycle;
        }
      }
    }
    path.removeLast();
    done.add(member);
    return Optional.empty();
  }

  private static boolean triggers(Member publisher, Member watcher) {
    return watcher.schedule().trigger() instanceof Trigger.OnTables on
        && on.watches().stream()
            .anyMatch(
                watch ->
                    watch.project().orElse(watcher.project()).equals(publisher.project())
                        && watch.environment().equals(publisher.schedule().environment())
                        && mayPublish(publisher.schedule(), watch.tables()));
  }

  /** Without the graph nobody knows what a tag or a {@code +} selects: it may be anything. */
  private static boolean mayPublish(Schedule schedule, List<String> tables) {
    return schedule.select().isEmpty()
        || schedule.select().stream()
            .anyMatch(
                selector ->
                    selector.contains("+")
                        || selector.startsWith("tag:")
                        || tables.stream().anyMatch(table -> overlap(selector, table)));
  }

  /** Whether one name may match two patterns, in which {@code *} stands for any characters. */
  static boolean overlap(String one, String other) {
    if (one.isEmpty() || other.isEmpty()) {
      return (one + other).chars().allMatch(c -> c == '*');
    }
    if (one.charAt(0) == '*') {
      return overlap(one.substring(1), other) || overlap(one, other.substring(1));
    }
    if (other.charAt(0) == '*') {
      return overlap(other, one);
    }
    return one.charAt(0) == other.charAt(0) && overlap(one.substring(1), other.substring(1));
  }
}

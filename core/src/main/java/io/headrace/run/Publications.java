package io.headrace.run;

import static java.util.Objects.requireNonNull;

import io.headrace.catalog.Publication;
import io.headrace.catalog.Snapshot;
import io.headrace.check.Check;
import io.headrace.check.CheckOutcome;
import io.headrace.graph.CheckNode;
import io.headrace.graph.Node;
import io.headrace.plan.Plan;
import io.headrace.table.TableName;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Says what an execution may publish, and where everything that it read or writes must still point
 * when it does. Reads count too: two runs could each be right and together wrong.
 */
final class Publications {
  private final Plan plan;
  private final Execution.Outcome outcome;

  Publications(Plan plan, Execution.Outcome outcome) {
    this.plan = plan;
    this.outcome = outcome;
  }

  /** The publication, or empty if nothing moves. */
  Optional<Publication> of(
      String run,
      RunRequest request,
      List<TableName> removed,
      Optional<String> revision,
      Instant now) {
    Snapshot base = plan.base();
    SortedMap<TableName, Optional<String>> changes = new TreeMap<>();
    for (TableName table : publishable()) {
      Optional<String> version = Optional.ofNullable(outcome.versions().get(table));
      if (!version.equals(base.version(table))) {
        changes.put(table, version);
      }
    }
    removed.forEach(table -> changes.put(table, Optional.empty()));
    if (changes.isEmpty() && request.onto().isEmpty()) {
      return Optional.empty();
    }
    SortedMap<TableName, Optional<String>> expected = new TreeMap<>();
    changes.keySet().forEach(table -> expected.put(table, base.version(table)));
    for (TableName read : reads(changes.keySet())) {
      expected.put(read, base.version(read));
    }
    String what = request.message().isEmpty() ? describe(changes) : request.message();
    String message = revision.map(name -> "%s, at %s".formatted(what, name)).orElse(what);
    return Optional.of(
        new Publication(
            request.environment(),
            request.author(),
            message,
            Optional.of(run),
            now,
            expected,
            changes,
            request.onto(),
            request.origin().fence()));
  }

  private Set<TableName> reads(Set<TableName> changed) {
    Set<TableName> reads = new TreeSet<>();
    for (TableName table : changed) {
      plan.graph().find(table).map(Node::inputs).ifPresent(reads::addAll);
      plan.graph().half(table).ifPresent(reads::add);
    }
    for (CheckNode rule : plan.graph().rules()) {
      if (rule.reads().stream().anyMatch(changed::contains)) {
        reads.addAll(rule.reads());
      }
    }
    return reads;
  }

  /** The tables of those parts in which nothing failed: of all parts, if nothing did. */
  private SortedSet<TableName> publishable() {
    Set<TableName> spoilt = new HashSet<>();
    Map<TableName, Set<TableName>> neighbours = new HashMap<>();
    SortedSet<TableName> moving = new TreeSet<>();
    for (TaskOutcome task : outcome.tasks()) {
      if (!task.isGood()) {
        spoilt.add(task.table());
      } else if (!task.version().equals(plan.base().version(task.table()))) {
        moving.add(task.table());
      }
    }
    Set<TableName> affected = new HashSet<>(moving);
    affected.addAll(spoilt);
    for (TableName table : affected) {
      plan.graph()
          .half(table)
          .filter(affected::contains)
          .ifPresent(half -> connect(neighbours, table, half));
      for (TableName input : plan.graph().find(table).map(Node::inputs).orElse(new TreeSet<>())) {
        if (affected.contains(input)) {
          connect(neighbours, table, input);
        }
      }
    }
    for (CheckNode rule : plan.graph().rules()) {
      connectRule(rule, affected, neighbours, spoilt);
    }
    Set<TableName> unpublishable = reach(spoilt, neighbours);
    moving.removeAll(unpublishable);
    return moving;
  }

  /** A rule ties the tables together that it looks at; if it does not hold, it spoils them. */
  private void connectRule(
      CheckNode rule,
      Set<TableName> affected,
      Map<TableName, Set<TableName>> neighbours,
      Set<TableName> spoilt) {
    List<TableName> tied = rule.reads().stream().filter(affected::contains).toList();
    for (int i = 1; i < tied.size(); i++) {
      connect(neighbours, tied.get(i - 1), tied.get(i));
    }
    if (blocks(rule.check())) {
      spoilt.addAll(tied);
    }
  }

  private boolean blocks(Check check) {
    return outcome.checks().stream()
        .filter(asked -> asked.check().equals(check))
        .anyMatch(CheckOutcome::blocks);
  }

  private static void connect(Map<TableName, Set<TableName>> neighbours, TableName a, TableName b) {
    neighbours.computeIfAbsent(a, name -> new HashSet<>()).add(b);
    neighbours.computeIfAbsent(b, name -> new HashSet<>()).add(a);
  }

  private static Set<TableName> reach(
      Set<TableName> from, Map<TableName, Set<TableName>> neighbours) {
    Set<TableName> reached = new HashSet<>(from);
    Deque<TableName> open = new ArrayDeque<>(from);
    while (!open.isEmpty()) {
      for (TableName next : neighbours.getOrDefault(open.pop(), Set.of())) {
        if (reached.add(next)) {
          open.push(next);
        }
      }
    }
    return reached;
  }

  private static String describe(SortedMap<TableName, Optional<String>> changes) {
    List<String> updated = new ArrayList<>();
    List<String> removed = new ArrayList<>();
    changes.forEach(
        (table, version) ->
            (version.isPresent() ? updated : removed).add(requireNonNull(table.toString())));
    List<String> parts = new ArrayList<>();
    if (!updated.isEmpty()) {
      parts.add("update " + some(updated));
    }
    if (!removed.isEmpty()) {
      parts.add("remove " + some(removed));
    }
    return String.join("; ", parts);
  }

  private static String some(List<String> names) {
    return names.size() <= 3
        ? String.join(", ", names)
        : "%s and %d more".formatted(String.join(", ", names.subList(0, 2)), names.size() - 2);
  }
}

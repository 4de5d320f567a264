package io.headrace.graph;

import static java.util.Objects.requireNonNull;

import io.headrace.project.Task;
import io.headrace.table.TableName;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/** The tasks of a project, and which reads which. Immutable. */
public final class Graph {
  private final SortedMap<TableName, Node> nodes;
  private final List<CheckNode> rules;
  private final Map<TableName, List<TableName>> dependants;
  private final List<Node> order;

  private Graph(
      SortedMap<TableName, Node> nodes,
      List<CheckNode> rules,
      Map<TableName, List<TableName>> dependants,
      List<Node> order) {
    this.nodes = Collections.unmodifiableSortedMap(nodes);
    this.rules = List.copyOf(rules);
    this.dependants = dependants;
    this.order = order;
  }

  /**
   * A graph of nodes whose inputs are among them, or empty if there is a cycle, which {@link
   * #findCycle} names.
   *
   * @param nodes by name; not copied, so that nobody may change it
   * @param rules the checks that look at more than their own table
   */
  static Optional<Graph> of(SortedMap<TableName, Node> nodes, List<CheckNode> rules) {
    Map<TableName, List<TableName>> dependants = dependants(nodes);
    List<Node> order = sort(nodes, dependants);
    return order.size() == nodes.size()
        ? Optional.of(new Graph(nodes, rules, dependants, order))
        : Optional.empty();
  }

  /** All nodes by name. */
  public SortedMap<TableName, Node> nodes() {
    return nodes;
  }

  public Optional<Node> find(TableName name) {
    return Optional.ofNullable(nodes.get(name));
  }

  /** All nodes, each after its inputs, otherwise by name. */
  public List<Node> order() {
    return order;
  }

  /** The checks that look at more than their own table, and run when all of it is built. */
  public List<CheckNode> rules() {
    return rules;
  }

  /** The graph of some of its tables: nothing in it names another. */
  public Graph only(Predicate<TableName> wanted) {
    SortedMap<TableName, Node> some = new TreeMap<>();
    nodes.forEach(
        (name, node) -> {
          if (wanted.test(name)) {
            some.put(name, node.reading(wanted));
          }
        });
    List<CheckNode> kept =
        rules.stream().filter(rule -> rule.reads().stream().allMatch(wanted)).toList();
    return of(some, kept).orElseThrow();
  }

  /** The tables that read this one, by name. */
  public List<TableName> dependants(TableName name) {
    return Collections.unmodifiableList(dependants.getOrDefault(name, List.of()));
  }

  /**
   * The tables, each with the one that has the rows that it rejects, or whose rejected rows it has:
   * such two are only looked at together, or a row could be in neither of them.
   */
  public Set<TableName> withHalves(Collection<TableName> tables) {
    Set<TableName> all = new LinkedHashSet<>(tables);
    tables.forEach(table -> half(table).ifPresent(all::add));
    return all;
  }

  /** The table that has the rows that this one rejects, or whose rejected rows this one has. */
  public Optional<TableName> half(TableName table) {
    return find(table)
        .flatMap(node -> node.task().configuration().reject())
        .map(Task.Reject::other);
  }

  /** The tables and everything that depends on them, directly or not. */
  public Set<TableName> downstream(Collection<TableName> tables) {
    Set<TableName> found = new LinkedHashSet<>(tables);
    Deque<TableName> open = new ArrayDeque<>(tables);
    while (!open.isEmpty()) {
      dependants(open.pop()).stream().filter(found::add).forEach(open::push);
    }
    return found;
  }

  /** The tables and everything that they depend on, directly or not. */
  public Set<TableName> upstream(Collection<TableName> tables) {
    Set<TableName> found = new LinkedHashSet<>(tables);
    Deque<TableName> open = new ArrayDeque<>(tables);
    while (!open.isEmpty()) {
      find(open.pop()).map(Node::inputs).orElse(new TreeSet<>()).stream()
          .filter(found::add)
          .forEach(open::push);
    }
    return found;
  }

  /** The shortest way to say a cycle, first table repeated at the end; empty if there is none. */
  static List<TableName> findCycle(SortedMap<TableName, Node> nodes) {
    Set<TableName> done = new HashSet<>();
    for (TableName start : nodes.keySet()) {
      List<TableName> cycle = findCycleFrom(start, nodes, done);
      if (!cycle.isEmpty()) {
        return cycle;
      }
    }
    return List.of();
  }

  /** Depth first without recursion: a project may be a chain of ten thousand tables. */
  private static List<TableName> findCycleFrom(
      TableName start, SortedMap<TableName, Node> nodes, Set<TableName> done) {
    Map<TableName, Deque<TableName>> open = new HashMap<>();
    List<TableName> path = new ArrayList<>();
    TableName current = start;
    while (true) {
      if (!done.contains(current) && !open.containsKey(current)) {
        path.add(current);
        Node node = nodes.get(current);
        open.put(
            current, new ArrayDeque<>(node == null ? new TreeSet<TableName>() : node.inputs()));
      }
      if (path.isEmpty()) {
        return List.of();
      }
      TableName top = path.get(path.size() - 1);
      Deque<TableName> inputs = open.getOrDefault(top, new ArrayDeque<>());
      if (inputs.isEmpty()) {
        done.add(top);
        open.remove(top);
        path.remove(path.size() - 1);
        if (path.isEmpty()) {
          return List.of();
        }
        current = path.get(path.size() - 1);
        continue;
      }
      current = inputs.pop();
      int before = path.indexOf(current);
      if (open.containsKey(current) && before >= 0) {
        List<TableName> cycle = new ArrayList<>(path.subList(before, path.size()));
        cycle.add(current);
        return cycle;
      }
    }
  }

  private static Map<TableName, List<TableName>> dependants(SortedMap<TableName, Node> nodes) {
    Map<TableName, List<TableName>> dependants = new HashMap<>();
    for (Node node : nodes.values()) {
      for (TableName input : node.inputs()) {
        dependants.computeIfAbsent(input, name -> new ArrayList<>()).add(node.name());
      }
    }
    return dependants;
  }

  /** The nodes, each after its inputs, otherwise by name; those of a cycle are missing. */
  private static List<Node> sort(
      SortedMap<TableName, Node> nodes, Map<TableName, List<TableName>> dependants) {
    Map<TableName, Integer> missing = new HashMap<>();
    PriorityQueue<TableName> ready = new PriorityQueue<>();
    for (Node node : nodes.values()) {
      missing.put(node.name(), node.inputs().size());
      if (node.inputs().isEmpty()) {
        ready.add(node.name());
      }
    }
    List<Node> sorted = new ArrayList<>(nodes.size());
    while (!ready.isEmpty()) {
      TableName name = ready.poll();
      sorted.add(requireNonNull(nodes.get(name)));
      for (TableName dependant : dependants.getOrDefault(name, List.of())) {
        if (missing.merge(dependant, -1, Integer::sum) == 0) {
          ready.add(dependant);
        }
      }
    }
    return List.copyOf(sorted);
  }
}

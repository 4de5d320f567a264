package io.headrace.graph;

import io.headrace.connector.Staged;
import io.headrace.engine.Sifting;
import io.headrace.error.Location;
import io.headrace.project.Task;
import io.headrace.sql.Analysis;
import io.headrace.table.TableName;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * A task with all that it reads.
 *
 * @param inputs the tables that its query names
 * @param globs the files that it reads, as patterns from the project's folder
 * @param unidentified the clauses for which it is built every time; those of the query of the items
 *     have no offset, but -1
 * @param sql its query after parameters were put in; empty if it is no query
 * @param parameters the literal of each parameter that the query uses
 * @param checks the checks declared on it
 * @param fanout present if the query runs once for each of some items
 */
public record Node(
    Task task,
    SortedSet<TableName> inputs,
    List<String> globs,
    List<Analysis.Unidentified> unidentified,
    String sql,
    SortedMap<String, String> parameters,
    List<CheckNode> checks,
    Optional<Fanout> fanout) {
  public Node {
    inputs = Collections.unmodifiableSortedSet(new TreeSet<>(inputs));
    globs = List.copyOf(globs);
    unidentified = List.copyOf(unidentified);
    parameters = Collections.unmodifiableSortedMap(new TreeMap<>(parameters));
    checks = List.copyOf(checks);
  }

  /**
   * What makes the items, and which part of the node belongs to the query that runs for each: the
   * rest of it belongs to the query that makes them.
   *
   * @param sql the query whose rows are the items, after parameters were put in
   * @param inputs the tables that the query of an item reads
   * @param parameters the literal of each parameter of the project that it uses
   * @param itemParameters its other parameters, which only an item gives; they are {@code NULL} in
   *     the node's query
   * @param isIdentified whether fingerprints cover all of it
   * @param at where the query of the items is written
   */
  public record Fanout(
      String sql,
      SortedSet<TableName> inputs,
      SortedMap<String, String> parameters,
      SortedSet<String> itemParameters,
      boolean isIdentified,
      Location at) {
    /** Stands for the value of a parameter that an item gives. */
    static final String NO_VALUE = "NULL";

    public Fanout {
      inputs = Collections.unmodifiableSortedSet(new TreeSet<>(inputs));
      parameters = Collections.unmodifiableSortedMap(new TreeMap<>(parameters));
      itemParameters = Collections.unmodifiableSortedSet(new TreeSet<>(itemParameters));
    }
  }

  /** This node with the query of one item, and the literals that the item gives. */
  public Node ofItem(String itemSql, SortedMap<String, String> itemLiterals) {
    SortedMap<String, String> literals = new TreeMap<>(parameters);
    literals.putAll(itemLiterals);
    return new Node(task, inputs, globs, unidentified, itemSql, literals, checks, fanout);
  }

  /** The files in which all rows are that the table of this node can have. */
  public List<Path> filesOf(Staged staged) {
    Optional<Sifting> sifting = task.configuration().reject().map(Task.Reject::sifting);
    if (staged.unreadable().isEmpty()) {
      return staged.files();
    }
    if (sifting.filter(s -> s.half() == Sifting.Half.GOOD).isPresent()) {
      return staged.files();
    }
    if (sifting.filter(s -> s.rules().isEmpty()).isPresent()) {
      return staged.unreadable();
    }
    return staged.all();
  }

  /** This node without inputs, and checks that read tables, that are not wanted. */
  Node reading(Predicate<TableName> wanted) {
    TreeSet<TableName> some = new TreeSet<>(inputs);
    some.removeIf(wanted.negate());
    List<CheckNode> kept =
        checks.stream().filter(check -> check.reads().stream().allMatch(wanted)).toList();
    return new Node(task, some, globs, unidentified, sql, parameters, kept, fanout);
  }

  /** This node with the rows of its source in files. */
  public Node reading(Staged staged) {
    Task.Files files =
        new Task.Files(
            List.of(),
            staged.format(),
            staged.columns(),
            List.of(),
            staged.options(),
            new Location(task.file(), 1, 1));
    Task reading = new Task(task.name(), task.file(), files, task.configuration());
    return new Node(reading, inputs, globs, unidentified, sql, parameters, checks, fanout);
  }

  public TableName name() {
    return task.name();
  }
}

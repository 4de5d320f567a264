package io.headrace.graph;

import io.headrace.project.Task;
import io.headrace.sql.Analysis.Unidentified;
import io.headrace.sql.ParameterizedSql;
import io.headrace.table.TableName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Puts the two queries of a table that is made item by item into one node. */
final class Fanouts {
  private Fanouts() {}

  /**
   * The query that runs for each item. The parameters that the project does not have are left to
   * the items, whose columns nobody knows before the query of the items is run.
   */
  static ParameterizedSql ofItem(String text, Map<String, String> literals) {
    ParameterizedSql sql = ParameterizedSql.of(text, literals);
    if (sql.unknown().isEmpty()) {
      return sql;
    }
    Map<String, String> all = new HashMap<>(literals);
    sql.unknown().forEach(unknown -> all.put(unknown.name(), Node.Fanout.NO_VALUE));
    return ParameterizedSql.of(text, all);
  }

  /**
   * A node that depends on what both queries read.
   *
   * @param node of the query that runs for each item
   * @param items the query of the items
   * @param inputs the tables that it reads
   * @param unidentified its clauses that no fingerprint covers
   * @param projectParameters the names of the project's parameters
   */
  static Node join(
      Node node,
      Task.Foreach foreach,
      ParameterizedSql items,
      SortedSet<TableName> inputs,
      List<Unidentified> unidentified,
      Set<String> projectParameters) {
    SortedMap<String, String> own = new TreeMap<>(node.parameters());
    own.keySet().retainAll(projectParameters);
    SortedSet<String> ofItems = new TreeSet<>(node.parameters().keySet());
    ofItems.removeAll(projectParameters);
    Node.Fanout fanout =
        new Node.Fanout(
            items.sql(), node.inputs(), own, ofItems, node.unidentified().isEmpty(), foreach.at());
    SortedSet<TableName> allInputs = new TreeSet<>(node.inputs());
    allInputs.addAll(inputs);
    SortedMap<String, String> parameters = new TreeMap<>(own);
    parameters.putAll(items.used());
    List<Unidentified> all = new ArrayList<>(node.unidentified());
    unidentified.forEach(u -> all.add(new Unidentified(u.clause(), u.reason(), -1)));
    return new Node(
        node.task(),
        allInputs,
        node.globs(),
        all,
        node.sql(),
        parameters,
        node.checks(),
        Optional.of(fanout));
  }
}

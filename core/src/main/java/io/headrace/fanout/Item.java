package io.headrace.fanout;

import io.headrace.engine.Query;
import io.headrace.graph.Node;
import io.headrace.sql.SqlNames;
import io.headrace.sql.Subquery;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * One item, and the query that makes its rows.
 *
 * @param node the table's, with the query of this item
 * @param columns the columns that all rows of the item share, in front of those of the query
 * @param values the text of each, as in the partition of a data file; in the order of the columns
 */
public record Item(Node node, List<Query.FixedColumn> columns, List<String> values) {
  public Item {
    columns = List.copyOf(columns);
    values = List.copyOf(values);
  }

  /** The query that makes the rows, with the item's columns. */
  public Query query() {
    return new Query.WithColumns(new Query.Select(node.sql()), columns);
  }

  /** The same as one text, in which places are not those of the file. */
  public Query.Select queryAsText() {
    String fixed =
        columns.stream()
            .map(column -> column.literal() + " AS " + SqlNames.quote(column.name()))
            .collect(Collectors.joining(", "));
    return new Query.Select("SELECT %s, * FROM %s".formatted(fixed, Subquery.of(node.sql())));
  }

  /** The values by the name of their column. */
  public SortedMap<String, String> byName() {
    SortedMap<String, String> byName = new TreeMap<>();
    for (int i = 0; i < columns.size(); i++) {
      byName.put(columns.get(i).name(), values.get(i));
    }
    return Collections.unmodifiableSortedMap(byName);
  }

  /** The partition that holds the rows. */
  public List<Optional<String>> partition() {
    return values.stream().map(Optional::of).toList();
  }

  /** What it is, in words: {@code airport = ORD}. */
  @Override
  public String toString() {
    return columns.stream()
        .map(Query.FixedColumn::name)
        .map(name -> name + " = " + byName().get(name))
        .collect(Collectors.joining(", "));
  }
}

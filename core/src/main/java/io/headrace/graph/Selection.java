package io.headrace.graph;

import io.headrace.error.NearestWord;
import io.headrace.error.UsageException;
import io.headrace.table.TableName;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Selects tables: {@code orders}, {@code marts.*}, {@code tag:daily}, each with a {@code +} before
 * it for all that it reads, or after it for all that reads it.
 */
public final class Selection {
  private Selection() {}

  /**
   * The tables that any of the selectors names; all tables if there are none.
   *
   * @throws UsageException if a selector names nothing
   */
  public static Set<TableName> of(Graph graph, List<String> selectors) {
    if (selectors.isEmpty()) {
      return graph.nodes().keySet();
    }
    Set<TableName> selected = new TreeSet<>();
    selectors.forEach(selector -> selected.addAll(select(graph, selector)));
    return selected;
  }

  /**
   * The tables that any of the selectors names; none if there are none, and all of {@code selected}
   * if one is {@code *}.
   *
   * @throws UsageException if a selector names nothing
   */
  public static Set<TableName> of(Graph graph, Set<TableName> selected, List<String> selectors) {
    if (selectors.isEmpty()) {
      return Set.of();
    }
    return selectors.contains("*") ? selected : of(graph, selectors);
  }

  private static Set<TableName> select(Graph graph, String selector) {
    boolean withUpstream = selector.startsWith("+");
    boolean withDownstream = selector.endsWith("+") && selector.length() > 1;
    String middle =
        selector.substring(withUpstream ? 1 : 0, selector.length() - (withDownstream ? 1 : 0));
    Set<TableName> named = named(graph, middle);
    Set<TableName> selected = new LinkedHashSet<>(named);
    if (withUpstream) {
      selected.addAll(graph.upstream(named));
    }
    if (withDownstream) {
      selected.addAll(graph.downstream(named));
    }
    return selected;
  }

  private static Set<TableName> named(Graph graph, String text) {
    boolean byTag = text.startsWith("tag:");
    String tag = byTag ? text.substring(4) : "";
    Predicate<TableName> pattern = TableName.matching(text);
    Set<TableName> found =
        graph.nodes().values().stream()
            .filter(
                node ->
                    byTag
                        ? node.task().configuration().tags().contains(tag)
                        : pattern.test(node.name()))
            .map(Node::name)
            .collect(Collectors.toCollection(TreeSet::new));
    if (found.isEmpty()) {
      throw byTag ? unknownTag(graph, tag) : unknownTable(graph, text);
    }
    return found;
  }

  private static UsageException unknownTag(Graph graph, String tag) {
    Set<String> tags = new TreeSet<>();
    graph.nodes().values().forEach(node -> tags.addAll(node.task().configuration().tags()));
    return new UsageException(
        "Cannot select 'tag:%s': no table has that tag".formatted(tag),
        NearestWord.find(tag, tags)
            .map(near -> "Did you mean 'tag:" + near + "'?")
            .orElse(
                tags.isEmpty()
                    ? "Tag tables with `tags: [...]`"
                    : "Tags: " + String.join(", ", tags)));
  }

  private static UsageException unknownTable(Graph graph, String text) {
    List<String> names = graph.nodes().keySet().stream().map(TableName::toString).toList();
    return new UsageException(
        "Cannot select '%s': there is no such table".formatted(text),
        NearestWord.hint(text, names, "See the tables with `headrace plan`"));
  }
}

package io.headrace.server.ui;

import io.headrace.catalog.Snapshot;
import io.headrace.error.NearestWord;
import io.headrace.graph.Graph;
import io.headrace.server.json.Json;
import io.headrace.server.ui.Frame.Crumb;
import io.headrace.table.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** Finds tables and columns by parts of their names or descriptions. */
public final class SearchPage {
  private static final int MOST_FOUND = 200;
  private static final int MOST_WORDS = 40;

  private final Map<String, ColumnIndex> indexes = new ConcurrentHashMap<>();

  /**
   * What was found.
   *
   * @param more whether there is more than is shown
   * @param unread tables whose columns were not looked at yet
   */
  public record Found(String text, List<Hit> hits, boolean more, int unread, String hint) {}

  /**
   * A table that was found.
   *
   * @param columns of it that were found
   */
  public record Hit(String table, String url, String description, List<String> columns) {}

  void show(Visit visit) {
    String text = visit.parameter("q").orElse("").toLowerCase(Locale.ROOT);
    Snapshot snapshot = visit.head();
    ColumnIndex index = index(visit);
    int unread = text.isEmpty() ? 0 : index.learn(snapshot);
    SortedSet<TableName> tables = tables(visit, snapshot);
    List<Hit> hits = new ArrayList<>();
    for (TableName table : text.isEmpty() ? new TreeSet<TableName>() : tables) {
      hit(visit, snapshot, index, table, text).ifPresent(hits::add);
    }
    // What is called just so comes first, then what begins so.
    hits.sort((a, b) -> Integer.compare(rank(a, text), rank(b, text)));
    visit.render(
        "search",
        visit.frameWithChoice("search", "Search", visit.crumbs(new Crumb("Search", "")), ""),
        new Found(
            text,
            hits.subList(0, Math.min(MOST_FOUND, hits.size())),
            hits.size() > MOST_FOUND,
            unread,
            hits.isEmpty()
                ? NearestWord.hint(text, tables.stream().map(TableName::toString).toList(), "")
                : ""));
  }

  private static int rank(Hit hit, String text) {
    String name = hit.table();
    return name.equals(text) ? 0 : name.startsWith(text) ? 1 : name.contains(text) ? 2 : 3;
  }

  private static Optional<Hit> hit(
      Visit visit, Snapshot snapshot, ColumnIndex index, TableName table, String text) {
    String description =
        visit
            .graph()
            .flatMap(graph -> graph.find(table))
            .map(node -> node.task().configuration().description().strip())
            .orElse("");
    List<String> columns =
        snapshot.version(table).map(index::columns).orElse(List.of()).stream()
            .filter(column -> column.toLowerCase(Locale.ROOT).contains(text))
            .toList();
    boolean isFound =
        table.toString().contains(text)
            || description.toLowerCase(Locale.ROOT).contains(text)
            || !columns.isEmpty();
    return isFound
        ? Optional.of(new Hit(table.toString(), visit.tableUrl(table), description, columns))
        : Optional.empty();
  }

  /**
   * Words that complete what somebody types: the columns of tables that are named already, and
   * tables that begin so.
   */
  void words(Visit visit) {
    String prefix = visit.parameter("prefix").orElse("").toLowerCase(Locale.ROOT);
    List<String> named = visit.context().queryParams("of");
    Snapshot snapshot = visit.head();
    ColumnIndex index = index(visit);
    TreeSet<String> columns = new TreeSet<>();
    List<Object> found = new ArrayList<>();
    for (TableName table : tables(visit, snapshot)) {
      if (table.toString().startsWith(prefix) && found.size() < MOST_WORDS) {
        found.add(Json.object("word", table, "kind", "table"));
      }
      if (named.contains(table.toString())) {
        snapshot.version(table).map(index::require).orElse(List.of()).stream()
            .filter(column -> column.toLowerCase(Locale.ROOT).startsWith(prefix))
            .forEach(columns::add);
      }
    }
    List<Object> words = new ArrayList<>();
    columns.stream()
        .limit(MOST_WORDS)
        .forEach(column -> words.add(Json.object("word", column, "kind", "column")));
    words.addAll(found);
    visit.context().contentType("application/json").result(Json.write(words));
  }

  private ColumnIndex index(Visit visit) {
    return indexes.computeIfAbsent(visit.project(), name -> new ColumnIndex(visit.workspace()));
  }

  private static SortedSet<TableName> tables(Visit visit, Snapshot snapshot) {
    TreeSet<TableName> tables = new TreeSet<>(snapshot.versions().keySet());
    visit.graph().map(Graph::nodes).ifPresent(nodes -> tables.addAll(nodes.keySet()));
    return tables;
  }
}

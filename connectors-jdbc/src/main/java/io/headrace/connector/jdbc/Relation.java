package io.headrace.connector.jdbc;

import io.headrace.connector.SourceSettings;
import io.headrace.error.HeadraceException;
import io.headrace.error.NearestWord;
import io.headrace.sql.Subquery;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is read: a table or a query.
 *
 * @param table the name as it is written; empty if it is a query
 * @param query empty if it is a table
 * @param cursor the column that says what is new; empty if none does
 * @param parallel how it is read in parts
 */
record Relation(String table, String query, String cursor, Optional<Parallel> parallel) {
  private static final Set<String> KEYS =
      Set.of("table", "query", "cursor", "parallel_by", "parallel_parts");

  /**
   * Parts that are read at the same time.
   *
   * @param by the column whose values tell them apart
   * @param parts two or more
   */
  record Parallel(String by, int parts) {}

  /**
   * What a source names.
   *
   * @throws HeadraceException if it names none, or two
   */
  static Relation of(SourceSettings source) {
    Map<String, String> settings = source.settings();
    for (String key : settings.keySet()) {
      if (!KEYS.contains(key)) {
        throw new HeadraceException(
            "A source of a database has no '%s'".formatted(key),
            NearestWord.hint(key, KEYS, "It has `table` or `query`, `cursor` and `parallel`"));
      }
    }
    String table = settings.getOrDefault("table", "").strip();
    String query = settings.getOrDefault("query", "").strip();
    if (table.isEmpty() == query.isEmpty()) {
      throw new HeadraceException(
          table.isEmpty()
              ? "The source names neither a table nor a query"
              : "The source names both a table and a query",
          "Write `table: NAME` or `query: SELECT ...`, one of them");
    }
    Optional<Parallel> parallel =
        Optional.ofNullable(settings.get("parallel_by"))
            .map(by -> new Parallel(by, Integer.parseInt(settings.get("parallel_parts"))));
    return new Relation(table, query, settings.getOrDefault("cursor", "").strip(), parallel);
  }

  /** What messages and positions call it. */
  String name() {
    return table.isEmpty() ? "query" : table;
  }

  /** It in a FROM clause. */
  String from(Dialect dialect) {
    if (!table.isEmpty()) {
      return String.join(".", parts().stream().map(dialect::quote).toList());
    }
    String inner = Subquery.of(query);
    // On a line of its own, the parenthesis is never part of a comment of some dialect.
    return inner.substring(0, inner.length() - 1) + "\n) AS headrace_query";
  }

  /** The table's name without that of its schema. */
  String simpleName() {
    List<String> parts = parts();
    return parts.get(parts.size() - 1);
  }

  /** The name of the table's schema, if it is written. */
  Optional<String> schema() {
    List<String> parts = parts();
    return parts.size() < 2 ? Optional.empty() : Optional.of(parts.get(parts.size() - 2));
  }

  /** Another table in the same schema. */
  Relation sibling(String name) {
    List<String> parts = new ArrayList<>(parts());
    parts.set(parts.size() - 1, name);
    return new Relation(
        String.join(".", parts.stream().map(part -> '"' + part + '"').toList()),
        "",
        "",
        Optional.empty());
  }

  /** The parts of the table's name. A point within double quotes separates none. */
  private List<String> parts() {
    List<String> parts = new ArrayList<>();
    StringBuilder part = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < table.length(); i++) {
      char c = table.charAt(i);
      if (c == '"') {
        quoted = !quoted;
      } else if (c == '.' && !quoted) {
        parts.add(part.toString());
        part.setLength(0);
      } else {
        part.append(c);
      }
    }
    parts.add(part.toString());
    return parts;
  }
}

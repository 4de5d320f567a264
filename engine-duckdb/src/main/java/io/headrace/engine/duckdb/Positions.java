package io.headrace.engine.duckdb;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where the nodes of a syntax tree are in their statement, in characters. */
final class Positions {
  private static final Pattern CHANGE = Pattern.compile("(?i)\\b(delete|insert|update|merge)\\b");

  private final String sql;

  Positions(String sql) {
    this.sql = sql;
  }

  /** Whether DuckDB says where the node is. */
  static boolean isKnown(JsonNode node) {
    JsonNode location = node.path("query_location");
    // DuckDB writes -1 as an unsigned number, which is no long.
    return location.canConvertToLong() && location.asLong() >= 0;
  }

  /** Where the node is, or {@code otherwise} if DuckDB does not say. */
  int of(JsonNode node, int otherwise) {
    return isKnown(node) ? offset(node.path("query_location").asLong()) : otherwise;
  }

  /** The first place of the node and of all that is in it, or -1. */
  int first(JsonNode node) {
    int first = of(node, -1);
    for (JsonNode child : node) {
      int at = first(child);
      if (at >= 0 && (first < 0 || at < first)) {
        first = at;
      }
    }
    return first;
  }

  /** DuckDB counts bytes. */
  int offset(long bytes) {
    return SqlText.charOffset(sql, bytes);
  }

  /** Where the last word before {@code offset} is that starts a change of data. */
  int changeBefore(int offset) {
    int start = offset;
    for (Matcher word = CHANGE.matcher(sql).region(0, Math.min(offset, sql.length()));
        word.find(); ) {
      start = word.start();
    }
    return start;
  }

  /** A parameter's sign and the word behind it. */
  String wordAt(int offset) {
    int end = offset + 1;
    while (end < sql.length() && Character.isLetterOrDigit(sql.charAt(end))) {
      end++;
    }
    return sql.substring(Math.min(offset, sql.length()), Math.min(end, sql.length()));
  }
}

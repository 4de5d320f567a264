package io.headrace.engine.duckdb;

import com.fasterxml.jackson.databind.JsonNode;
import io.headrace.engine.duckdb.Functions.TableFunction;
import io.headrace.sql.Analysis;
import io.headrace.sql.Analysis.FileReference;
import io.headrace.sql.Analysis.Refused;
import io.headrace.sql.Analysis.TableReference;
import io.headrace.sql.Analysis.Unidentified;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@code json_serialize_sql} says of one statement. What it does not know it refuses or
 * reports as unidentified; it never leaves anything out.
 */
final class SyntaxTree {
  private static final Set<String> QUERY_NODES =
      Set.of("SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE");
  private static final Set<String> TABLE_NODES =
      Set.of(
          "BASE_TABLE",
          "TABLE_FUNCTION",
          "JOIN",
          "SUBQUERY",
          "EMPTY",
          "EXPRESSION_LIST",
          "PIVOT",
          "SHOW_REF");
  private static final Pattern PATH = Pattern.compile("[./\\\\*?\\[\\]:]");
  private static final Pattern NETWORK = Pattern.compile("(?i)(?!file:)[a-z][a-z0-9+.-]*:/.*");

  private final String sql;
  private final Positions positions;
  private final Map<String, TableReference> tables = new LinkedHashMap<>();
  private final Map<String, FileReference> files = new LinkedHashMap<>();
  private final Map<String, Unidentified> unidentified = new LinkedHashMap<>();
  private final List<FileUse> fileUses = new ArrayList<>();
  private @Nullable Refused refused;
  private int readsFileDates = -1;
  private boolean showsEveryColumn;

  private SyntaxTree(String sql) {
    this.sql = sql;
    this.positions = new Positions(sql);
  }

  /**
   * A statement and the places where it names files.
   *
   * @param files also of a statement that is refused, unless it does not parse
   */
  record Reading(Analysis analysis, List<FileUse> files) {}

  /**
   * One place where a statement names a file.
   *
   * @param start of the quoted path, in characters, or -1 if DuckDB does not say
   * @param end behind the quoted path
   * @param quote what to quote another path with
   */
  record FileUse(String path, int start, int end, char quote) {}

  static Reading read(String sql, JsonNode reply) {
    SyntaxTree tree = new SyntaxTree(sql);
    if (reply.path("error").asBoolean()) {
      return new Reading(tree.syntaxError(reply), List.of());
    }
    JsonNode statements = reply.path("statements");
    if (statements.isEmpty()) {
      return new Reading(new Refused("the statement is empty", "Write a SELECT", 0), List.of());
    }
    if (statements.size() > 1) {
      return new Reading(
          new Refused(
              "there are %d statements where one is allowed".formatted(statements.size()),
              "Give each its own file",
              SqlText.secondStatement(sql)),
          List.of());
    }
    tree.visit(statements.get(0), Set.of(), 0);
    return new Reading(tree.result(), List.copyOf(tree.fileUses));
  }

  private Analysis result() {
    if (readsFileDates >= 0 && showsEveryColumn) {
      unidentified(
          "last_modified",
          "the date of a file can change while its content does not",
          readsFileDates);
    }
    if (refused != null) {
      return refused;
    }
    return new Analysis.Query(
        inOrder(tables.values(), Comparator.comparingInt(TableReference::offset)),
        inOrder(files.values(), Comparator.comparingInt(FileReference::offset)),
        inOrder(unidentified.values(), Comparator.comparingInt(Unidentified::offset)));
  }

  private static <T> List<T> inOrder(Collection<T> values, Comparator<T> order) {
    return values.stream().sorted(order).toList();
  }

  private Refused syntaxError(JsonNode reply) {
    String message = reply.path("error_message").asText();
    int offset = reply.has("position") ? positions.offset(reply.path("position").asLong()) : 0;
    if (!message.startsWith("Only SELECT statements")) {
      return new Refused(
          SqlErrors.firstLine(message),
          "Look at what stands before it: a comma, a bracket or a word too many or too few",
          offset);
    }
    if (SqlText.words(sql).contains("pivot")) {
      return new Refused(
          "a PIVOT that finds its columns in the data has no fixed columns",
          "List the values: PIVOT ... ON column IN (...)",
          SqlText.skipBlanks(sql, 0));
    }
    return new Refused(
        "the statement is not a query", "Write a SELECT", SqlText.skipBlanks(sql, 0));
  }

  private void visit(JsonNode node, Set<String> scope, int near) {
    if (node.isArray()) {
      for (JsonNode child : node) {
        visit(child, scope, near);
      }
    } else if (node.isObject()) {
      int at = positions.of(node, near);
      Set<String> inner = node.has("cte_map") ? visitQuery(node, scope, at) : scope;
      inspect(node, inner, at);
      boolean recursive = node.path("type").asText().equals("RECURSIVE_CTE_NODE");
      for (Map.Entry<String, JsonNode> field : node.properties()) {
        if (!field.getKey().equals("cte_map")) {
          // Only the second half of a recursive query sees its own rows; in the first, the same
          // name is a table.
          boolean ownRows = recursive && !field.getKey().equals("left");
          visit(
              field.getValue(), ownRows ? with(inner, node.path("cte_name").asText()) : inner, at);
        }
      }
    }
  }

  /** Visits the common table expressions of a query; returns the names that its body sees. */
  private Set<String> visitQuery(JsonNode query, Set<String> scope, int at) {
    if (!QUERY_NODES.contains(query.path("type").asText())) {
      int inside = Math.max(positions.first(query), at);
      refuse("the statement changes data", "Write a SELECT", positions.changeBefore(inside));
    }
    Set<String> names = scope;
    for (JsonNode entry : query.path("cte_map").path("map")) {
      // Each one sees those before it. Not itself: there the name is a table.
      visit(entry.path("value"), names, at);
      names = with(names, entry.path("key").asText());
    }
    return names;
  }

  private static Set<String> with(Set<String> names, String name) {
    Set<String> result = new HashSet<>(names);
    result.add(name.toLowerCase(Locale.ROOT));
    return result;
  }

  private void inspect(JsonNode node, Set<String> scope, int at) {
    if (node.has("sample") && node.has("alias") && !node.has("class")) {
      inspectTable(node, scope, at);
    }
    JsonNode sample = node.path("sample");
    if (sample.isObject() && !sample.path("repeatable").asBoolean()) {
      unidentified("SAMPLE", "it has no seed: add REPEATABLE (number)", at);
    }
    switch (node.path("class").asText()) {
      case "FUNCTION" -> inspectFunction(node, at);
      case "COLUMN_REF" -> inspectColumn(node, at);
      case "PARAMETER" ->
          refuse(
              "parameter %s has no value".formatted(positions.wordAt(at)),
              "Give it a value in the task's configuration",
              at);
      case "STAR" -> showsEveryColumn = true;
      default -> {}
    }
  }

  private void inspectTable(JsonNode node, Set<String> scope, int at) {
    String type = node.path("type").asText();
    switch (type) {
      case "BASE_TABLE" -> inspectBaseTable(node, scope, at);
      case "TABLE_FUNCTION" -> inspectTableFunction(node, at);
      case "SHOW_REF" ->
          refuse(
              "SHOW, DESCRIBE and SUMMARIZE do not make tables",
              "Write a SELECT over the table itself",
              at);
      default -> {
        if (!TABLE_NODES.contains(type)) {
          refuse("the statement reads something unknown: " + type, "", at);
        }
      }
    }
  }

  private void inspectBaseTable(JsonNode node, Set<String> scope, int at) {
    List<String> path = strings(node.path("qualified_name").path("path"));
    String name = String.join(".", path).toLowerCase(Locale.ROOT);
    if (node.path("at_clause").isObject()) {
      refuse("AT (VERSION or TIMESTAMP) is not supported", "Read the table as it is", at);
    }
    if (path.size() == 1) {
      if (scope.contains(name)) {
        return;
      }
      String only = path.get(0);
      if (PATH.matcher(only).find()) {
        boolean known = Positions.isKnown(node) && at < sql.length();
        char quote = known ? sql.charAt(at) : '\'';
        boolean quoted = known && (quote == '\'' || quote == '"');
        addFile(
            new FileUse(only, quoted ? at : -1, quoted ? SqlText.tokenEnd(sql, at) : -1, quote),
            at);
        return;
      }
    } else if (path.size() == 2
        && path.get(0).equalsIgnoreCase("recurring")
        && scope.contains(path.get(1).toLowerCase(Locale.ROOT))) {
      return;
    }
    String schema = path.size() < 2 ? "" : path.get(path.size() - 2).toLowerCase(Locale.ROOT);
    if (Functions.isCatalogTable(schema, path.get(path.size() - 1).toLowerCase(Locale.ROOT))) {
      refuseCatalog(name, at);
      return;
    }
    tables.merge(name, new TableReference(name, at), (a, b) -> a.offset() <= b.offset() ? a : b);
  }

  private void refuseCatalog(String name, int at) {
    refuse(
        "%s describes the engine, and so differs from run to run".formatted(name),
        "Read the tables of the project",
        at);
  }

  private void inspectTableFunction(JsonNode node, int at) {
    JsonNode function = node.path("function");
    String name = functionName(function);
    TableFunction kind = Functions.tableFunction(name);
    switch (kind) {
      case NOTHING -> {}
      case FILES -> inspectFileFunction(name, function.path("arguments"), at);
      case HIDDEN_TABLES ->
          refuse("%s() hides which tables it reads".formatted(name), "Name the tables in FROM", at);
      case ENGINE_CATALOG -> refuseCatalog(name + "()", at);
      case CHANGES_ENGINE -> refuse("%s() changes the engine".formatted(name), "Remove it", at);
      case UNKNOWN -> unidentified(name + "()", "nothing is known of what it reads", at);
    }
  }

  private void inspectFileFunction(String name, JsonNode arguments, int at) {
    JsonNode first = arguments.path(0);
    List<JsonNode> literals = new ArrayList<>();
    if (!first.path("name").asText().isEmpty()
        || !collectLiterals(first.path("expression"), literals)) {
      refuse(
          "%s() must name its files in plain strings".formatted(name),
          "Write the path, or a list of paths, as '...'",
          at);
      return;
    }
    for (JsonNode literal : literals) {
      int start = Positions.isKnown(literal) ? positions.of(literal, at) : -1;
      int end =
          start < 0
              ? -1
              : positions.offset(
                  literal.path("query_location").asLong()
                      + literal.path("query_location_length").asLong());
      addFile(new FileUse(literal.path("literal").path("text").asText(), start, end, '\''), at);
    }
    if (name.equals("read_text") || name.equals("read_blob")) {
      readsFileDates = at;
    }
  }

  private static boolean collectLiterals(JsonNode expression, List<JsonNode> literals) {
    if (expression.path("literal").path("kind").asText().equals("STRING")) {
      literals.add(expression);
      return true;
    }
    boolean isCall = functionName(expression).equals("list_value");
    if (!isCall && !expression.path("type").asText().equals("ARRAY_CONSTRUCTOR")) {
      return false;
    }
    for (JsonNode item : expression.path(isCall ? "arguments" : "children")) {
      if (!collectLiterals(isCall ? item.path("expression") : item, literals)) {
        return false;
      }
    }
    return !literals.isEmpty();
  }

  private void addFile(FileUse use, int at) {
    if (NETWORK.matcher(use.path()).matches()) {
      unidentified("'" + use.path() + "'", "it is read from a network", at);
      return;
    }
    fileUses.add(use);
    FileReference reference = new FileReference(use.path(), use.start() < 0 ? at : use.start());
    files.merge(use.path(), reference, (a, b) -> a.offset() <= b.offset() ? a : b);
  }

  private void inspectFunction(JsonNode node, int at) {
    String name = functionName(node);
    String reason = Functions.volatility(name, node.path("arguments").size());
    if (!reason.isEmpty()) {
      unidentified(name + "()", reason, at);
    }
  }

  private void inspectColumn(JsonNode node, int at) {
    List<String> path = strings(node.path("column_names"));
    String last = path.isEmpty() ? "" : path.get(path.size() - 1).toLowerCase(Locale.ROOT);
    showsEveryColumn |= last.equals("last_modified");
    String reason = path.size() == 1 ? Functions.volatilityOfName(last) : "";
    if (!reason.isEmpty()) {
      unidentified(last, reason, at);
    }
  }

  private static String functionName(JsonNode function) {
    List<String> path = strings(function.path("qualified_name").path("path"));
    String name =
        path.isEmpty() ? function.path("function_name").asText() : path.get(path.size() - 1);
    return name.toLowerCase(Locale.ROOT);
  }

  private void refuse(String message, String hint, int at) {
    if (refused == null) {
      refused = new Refused(message, hint, at);
    }
  }

  private void unidentified(String clause, String reason, int at) {
    unidentified.merge(
        clause, new Unidentified(clause, reason, at), (a, b) -> a.offset() <= b.offset() ? a : b);
  }

  private static List<String> strings(JsonNode array) {
    List<String> result = new ArrayList<>(array.size());
    array.forEach(item -> result.add(item.asText()));
    return result;
  }
}

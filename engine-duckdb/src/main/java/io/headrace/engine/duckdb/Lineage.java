package io.headrace.engine.duckdb;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.headrace.engine.Cancellation;
import io.headrace.engine.QueryException;
import io.headrace.engine.Session.ColumnReference;
import io.headrace.error.HeadraceException;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** Follows the columns of a query's result through its plan, back to the tables. */
final class Lineage {
  /** What the rows of a common table expression come from, by its index in the plan. */
  private final Map<Integer, List<Set<ColumnReference>>> shared = new HashMap<>();

  /** What the columns of a plan's node come from, by the node's own index. */
  private final Map<Integer, List<Set<ColumnReference>>> nodes = new HashMap<>();

  private Lineage() {}

  static SortedMap<String, Set<ColumnReference>> of(
      Workspace workspace, Script query, List<String> names) {
    List<Set<ColumnReference>> columns = new Lineage().outputs(plan(workspace, query));
    if (columns.size() != names.size()) {
      throw unknown("%d columns for %d".formatted(columns.size(), names.size()));
    }
    SortedMap<String, Set<ColumnReference>> result = new TreeMap<>();
    for (int i = 0; i < names.size(); i++) {
      result.merge(names.get(i), columns.get(i), Lineage::union);
    }
    return result;
  }

  private static JsonNode plan(Workspace workspace, Script query) {
    Script call =
        Script.internal(
            "SELECT json_serialize_plan(%s)::VARCHAR".formatted(SqlText.literal(query.sql())));
    String reply =
        workspace.run(
            call,
            Cancellation.never(),
            statement -> {
              try (ResultSet results = statement.executeQuery(call.sql())) {
                return results.next() ? results.getString(1) : "{}";
              }
            });
    try {
      JsonNode root = Json.MAPPER.readTree(reply);
      if (root.path("error").asBoolean()) {
        throw SqlErrors.translate(root, root.path("error_type").asText(), query);
      }
      return root.path("plans").path(0);
    } catch (JsonProcessingException e) {
      throw new HeadraceException("Cannot read DuckDB's plan: " + e.getMessage(), "", e);
    }
  }

  private static QueryException unknown(String what) {
    return new QueryException("where its columns come from cannot be told: " + what, "");
  }

  private List<Set<ColumnReference>> outputs(JsonNode node) {
    List<Set<ColumnReference>> outputs = find(node);
    nodes.put(node.path("table_index").asInt(), outputs);
    return outputs;
  }

  private List<Set<ColumnReference>> find(JsonNode node) {
    String type = node.path("type").asText();
    return switch (type) {
      case "LOGICAL_GET" -> table(node);
      case "LOGICAL_PROJECTION" -> expressions(node.path("expressions"), child(node, 0));
      case "LOGICAL_AGGREGATE_AND_GROUP_BY" -> aggregate(node);
      case "LOGICAL_WINDOW", "LOGICAL_UNNEST" -> {
        List<Set<ColumnReference>> result = new ArrayList<>(child(node, 0));
        result.addAll(expressions(node.path("expressions"), child(node, 0)));
        yield result;
      }
      case "LOGICAL_FILTER", "LOGICAL_ORDER_BY" ->
          picked(child(node, 0), node.path("projection_map"));
      case "LOGICAL_LIMIT", "LOGICAL_DISTINCT", "LOGICAL_TOP_N", "LOGICAL_SAMPLE" -> child(node, 0);
      case "LOGICAL_COMPARISON_JOIN",
          "LOGICAL_ANY_JOIN",
          "LOGICAL_ASOF_JOIN",
          "LOGICAL_DELIM_JOIN",
          "LOGICAL_DEPENDENT_JOIN" ->
          join(node);
      case "LOGICAL_CROSS_PRODUCT", "LOGICAL_POSITIONAL_JOIN" ->
          concatenated(child(node, 0), child(node, 1));
      case "LOGICAL_UNION", "LOGICAL_EXCEPT", "LOGICAL_INTERSECT" -> setOperation(node);
      case "LOGICAL_MATERIALIZED_CTE" -> {
        shared.put(node.path("table_index").asInt(), child(node, 0));
        yield child(node, 1);
      }
      case "LOGICAL_RECURSIVE_CTE" -> recursive(node);
      case "LOGICAL_CTE_REF" -> shared(node);
      case "LOGICAL_EXPRESSION_GET" -> values(node);
      case "LOGICAL_DUMMY_SCAN" -> List.of(Set.of());
      case "LOGICAL_PIVOT" -> pivot(node);
      default -> throw unknown(type);
    };
  }

  private List<Set<ColumnReference>> child(JsonNode node, int index) {
    return outputs(node.path("children").path(index));
  }

  private List<Set<ColumnReference>> table(JsonNode node) {
    List<Set<ColumnReference>> result = new ArrayList<>();
    List<String> path = new ArrayList<>();
    node.path("function_data")
        .path("qualified_name")
        .path("path")
        .forEach(part -> path.add(part.asText()));
    // A table function may compute its rows from those of its input, and pass on others.
    boolean isFunction = !node.path("children").isEmpty();
    List<Set<ColumnReference>> input = isFunction ? child(node, 0) : List.of();
    Set<ColumnReference> arguments = new TreeSet<>();
    input.stream().limit(node.path("input_table_types").size()).forEach(arguments::addAll);
    JsonNode names = node.path("names");
    for (JsonNode column : node.path("column_indexes")) {
      JsonNode name = names.path(column.path("index").asInt(-1));
      boolean isColumn = path.size() == 3 && !name.isMissingNode();
      result.add(isColumn ? Set.of(reference(path, name.asText())) : arguments);
    }
    node.path("projected_input").forEach(index -> result.add(input.get(index.asInt())));
    return picked(result, node.path("projection_ids"));
  }

  private static ColumnReference reference(List<String> path, String column) {
    String schema = path.get(1);
    String name = path.get(2);
    String table = schema.equals(Database.DEFAULT_SCHEMA) ? name : schema + "." + name;
    return new ColumnReference(table.toLowerCase(Locale.ROOT), column);
  }

  private List<Set<ColumnReference>> aggregate(JsonNode node) {
    List<Set<ColumnReference>> child = child(node, 0);
    List<Set<ColumnReference>> groups = expressions(node.path("groups"), child);
    List<Set<ColumnReference>> result = new ArrayList<>(groups);
    result.addAll(expressions(node.path("expressions"), child));
    for (JsonNode grouping : node.path("grouping_functions")) {
      Set<ColumnReference> sources = new TreeSet<>();
      grouping.forEach(group -> sources.addAll(groups.get(group.asInt())));
      result.add(sources);
    }
    return result;
  }

  private List<Set<ColumnReference>> join(JsonNode node) {
    List<Set<ColumnReference>> left = child(node, 0);
    List<Set<ColumnReference>> right = child(node, 1);
    List<Set<ColumnReference>> keptLeft = picked(left, node.path("left_projection_map"));
    List<Set<ColumnReference>> keptRight = picked(right, node.path("right_projection_map"));
    return switch (node.path("join_type").asText()) {
      case "SEMI", "ANTI" -> keptLeft;
      case "RIGHT_SEMI", "RIGHT_ANTI" -> keptRight;
      case "MARK" -> {
        Set<ColumnReference> compared = new TreeSet<>();
        for (JsonNode condition : node.path("conditions")) {
          compared.addAll(sources(condition.path("left"), left));
          compared.addAll(sources(condition.path("right"), right));
        }
        yield concatenated(keptLeft, List.of(compared));
      }
      default -> concatenated(keptLeft, keptRight);
    };
  }

  private List<Set<ColumnReference>> setOperation(JsonNode node) {
    List<Set<ColumnReference>> result = child(node, 0);
    // The rows of EXCEPT are all from its first query.
    boolean onlyFirst = node.path("type").asText().equals("LOGICAL_EXCEPT");
    for (int i = 1; i < node.path("children").size() && !onlyFirst; i++) {
      result = merged(result, child(node, i));
    }
    return result;
  }

  private List<Set<ColumnReference>> recursive(JsonNode node) {
    int index = node.path("table_index").asInt();
    List<Set<ColumnReference>> result = child(node, 0);
    while (true) {
      shared.put(index, result);
      List<Set<ColumnReference>> next = merged(result, child(node, 1));
      if (next.equals(result)) {
        return result;
      }
      result = next;
    }
  }

  private List<Set<ColumnReference>> shared(JsonNode node) {
    List<Set<ColumnReference>> columns = shared.get(node.path("cte_index").asInt());
    if (columns == null) {
      throw unknown("a common table expression");
    }
    return columns;
  }

  private List<Set<ColumnReference>> values(JsonNode node) {
    List<Set<ColumnReference>> child = child(node, 0);
    List<Set<ColumnReference>> result = List.of();
    for (JsonNode row : node.path("expressions")) {
      List<Set<ColumnReference>> columns = expressions(row, child);
      result = result.isEmpty() ? columns : merged(result, columns);
    }
    return result;
  }

  private List<Set<ColumnReference>> pivot(JsonNode node) {
    JsonNode pivot = node.path("bound_pivot");
    List<Set<ColumnReference>> child = child(node, 0);
    int groups = pivot.path("group_count").asInt();
    int columns = pivot.path("types").size();
    Set<ColumnReference> rest = new TreeSet<>();
    child.subList(groups, child.size()).forEach(rest::addAll);
    List<Set<ColumnReference>> result = new ArrayList<>(child.subList(0, groups));
    while (result.size() < columns) {
      result.add(rest);
    }
    return result;
  }

  private List<Set<ColumnReference>> expressions(
      JsonNode expressions, List<Set<ColumnReference>> child) {
    List<Set<ColumnReference>> result = new ArrayList<>();
    expressions.forEach(expression -> result.add(sources(expression, child)));
    return result;
  }

  private Set<ColumnReference> sources(JsonNode expression, List<Set<ColumnReference>> child) {
    Set<ColumnReference> sources = new TreeSet<>();
    collect(expression, child, sources);
    return sources;
  }

  private void collect(
      JsonNode node, List<Set<ColumnReference>> child, Set<ColumnReference> sources) {
    String type = node.path("expression_class").asText();
    if (type.equals("BOUND_REF")) {
      int index = node.path("index").asInt();
      if (index >= child.size()) {
        throw unknown("column %d of %d".formatted(index, child.size()));
      }
      sources.addAll(child.get(index));
      return;
    }
    if (type.equals("BOUND_COLUMN_REF")) {
      JsonNode binding = node.path("binding");
      List<Set<ColumnReference>> columns = nodes.get(binding.path("table_index").asInt());
      if (columns == null) {
        throw unknown(type);
      }
      sources.addAll(columns.get(binding.path("column_index").asInt()));
      return;
    }
    if (type.equals("BOUND_SUBQUERY")) {
      throw unknown(type);
    }
    node.forEach(part -> collect(part, child, sources));
  }

  private static List<Set<ColumnReference>> picked(
      List<Set<ColumnReference>> columns, JsonNode indexes) {
    if (indexes.isEmpty()) {
      return columns;
    }
    List<Set<ColumnReference>> result = new ArrayList<>();
    indexes.forEach(index -> result.add(columns.get(index.asInt())));
    return result;
  }

  private static List<Set<ColumnReference>> concatenated(
      List<Set<ColumnReference>> left, List<Set<ColumnReference>> right) {
    List<Set<ColumnReference>> result = new ArrayList<>(left);
    result.addAll(right);
    return result;
  }

  private static List<Set<ColumnReference>> merged(
      List<Set<ColumnReference>> a, List<Set<ColumnReference>> b) {
    List<Set<ColumnReference>> result = new ArrayList<>();
    for (int i = 0; i < a.size(); i++) {
      result.add(union(a.get(i), b.get(i)));
    }
    return result;
  }

  private static Set<ColumnReference> union(Set<ColumnReference> a, Set<ColumnReference> b) {
    Set<ColumnReference> result = new TreeSet<>(a);
    result.addAll(b);
    return result;
  }
}

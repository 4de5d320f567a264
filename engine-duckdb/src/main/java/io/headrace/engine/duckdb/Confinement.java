package io.headrace.engine.duckdb;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.headrace.engine.Cancellation;
import io.headrace.engine.Query;
import io.headrace.error.HeadraceException;
import io.headrace.sql.SqlNames;
import io.headrace.sql.Subquery;
import io.headrace.table.Column;
import io.headrace.table.PartitionField;
import io.headrace.table.PartitionSlice;
import io.headrace.table.TableName;
import io.headrace.table.TableSchema;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Tells whether a change inside of some partitions of a table stays inside of them in a query's
 * result.
 *
 * <p>The proof is left to DuckDB's optimizer, which knows when a condition on a result may be put
 * on what is read instead: through a GROUP BY if the column is grouped by, through a window if it
 * is partitioned by it, through a join if it is joined by it, never through a LIMIT. So: if the
 * condition "outside of the partitions" on the result arrives, as it is, at every place where the
 * table is read, then the rows outside are made without a row from inside.
 */
final class Confinement {
  private static final String PLAN = "SELECT json_serialize_plan(?::VARCHAR, optimize := true)";

  private final Workspace workspace;
  private final Map<TableName, TableSchema> tables;

  Confinement(Workspace workspace, Map<TableName, TableSchema> tables) {
    this.workspace = workspace;
    this.tables = tables;
    tables.forEach(workspace.bindings()::bindEmpty);
  }

  boolean holds(Query.Select query, PartitionSlice slice, TableName input, String column) {
    TableSchema schema = tables.get(input);
    boolean isBucket = slice.field().transform() == PartitionField.Transform.BUCKET;
    if (schema == null || slice.values().isEmpty()) {
      return false;
    }
    try {
      String body = Subquery.of(query.sql());
      Column onto = result(body, slice.field().column());
      Column from = named(schema.columns(), column);
      PartitionSlice values = isBucket ? ofOneValue(slice, onto, from) : slice;
      String onResult = PartitionConditions.outside(values, onto);
      String onInput = PartitionConditions.outside(values, from);
      List<Set<String>> wanted =
          reads(
              "SELECT * FROM %s WHERE %s".formatted(SqlNames.quote(input), onInput), input, column);
      List<Set<String>> found =
          reads("SELECT * FROM %s WHERE %s".formatted(body, onResult), input, column);
      return wanted.size() == 1
          && !wanted.get(0).isEmpty()
          && !found.isEmpty()
          && found.stream().allMatch(conditions -> conditions.containsAll(wanted.get(0)));
    } catch (HeadraceException | IllegalArgumentException e) {
      // What cannot be planned over empty tables, such as files that are read directly.
      return false;
    }
  }

  /**
   * No optimizer knows buckets. But if a change of the rows with some value stays with that value,
   * whichever it is, then a change of all rows in a bucket stays in the bucket.
   */
  private static PartitionSlice ofOneValue(PartitionSlice slice, Column onto, Column from) {
    if (!Buckets.isAlike(onto.type(), from.type())) {
      throw new IllegalArgumentException("The buckets of a value differ");
    }
    return new PartitionSlice(
        new PartitionField(PartitionField.Transform.IDENTITY, slice.field().column()),
        new TreeSet<>(List.of(Buckets.someValue(from.type()))));
  }

  private Column result(String sql, String name) {
    Script script = Script.internal(sql);
    return named(workspace.prepare(script, Cancellation.never(), DuckDbSession::columns), name);
  }

  private static Column named(List<Column> columns, String name) {
    return columns.stream()
        .filter(column -> column.name().equalsIgnoreCase(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("No column '%s'".formatted(name)));
  }

  /** For each place where the plan reads the table: the conditions on the column there. */
  private List<Set<String>> reads(String sql, TableName input, String column) {
    // Named in the text, so that the session makes the tables that the query reads.
    Script script = Script.internal(PLAN.replace("?", SqlText.literal(sql)));
    String reply =
        workspace.run(
            script,
            Cancellation.never(),
            statement -> {
              try (ResultSet results = statement.executeQuery(script.sql())) {
                return results.next() ? results.getString(1) : "{}";
              }
            });
    try {
      JsonNode root = Json.MAPPER.readTree(reply);
      if (root.path("error").asBoolean(true)) {
        throw new IllegalArgumentException(root.path("error_message").asText());
      }
      List<Set<String>> reads = new ArrayList<>();
      collect(root.path("plans"), input, column, reads);
      return reads;
    } catch (JsonProcessingException e) {
      throw new HeadraceException("Cannot read DuckDB's plan: " + e.getMessage(), "", e);
    }
  }

  private static void collect(
      JsonNode node, TableName input, String column, List<Set<String>> reads) {
    if (node.path("type").asText().equals("LOGICAL_GET") && isRead(node, input)) {
      Set<String> conditions = new HashSet<>();
      for (JsonNode filter : node.path("table_filters").path("filters")) {
        JsonNode index = node.path("column_indexes").path(filter.path("key").asInt()).path("index");
        if (node.path("names").path(index.asInt()).asText().equalsIgnoreCase(column)) {
          addConjuncts(filter.path("value"), conditions);
        }
      }
      reads.add(conditions);
    }
    for (JsonNode child : node) {
      collect(child, input, column, reads);
    }
  }

  private static boolean isRead(JsonNode get, TableName input) {
    JsonNode path = get.path("function_data").path("qualified_name").path("path");
    String schema = input.schema().isEmpty() ? Database.DEFAULT_SCHEMA : input.schema();
    return path.size() == 3
        && path.get(1).asText().equalsIgnoreCase(schema)
        && path.get(2).asText().equalsIgnoreCase(input.name());
  }

  private static void addConjuncts(JsonNode filter, Set<String> conditions) {
    if (filter.path("filter_type").asText().equals("LEGACY_CONJUNCTION_AND")) {
      filter.path("child_filters").forEach(child -> addConjuncts(child, conditions));
    } else {
      conditions.add(withoutPlaces(filter.deepCopy()).toString());
    }
  }

  private static JsonNode withoutPlaces(JsonNode node) {
    if (node instanceof ObjectNode object) {
      object.remove(List.of("query_location", "query_location_length", "alias"));
    }
    node.forEach(Confinement::withoutPlaces);
    return node;
  }
}

package io.headrace.unittest;

import static java.util.Objects.requireNonNull;

import io.headrace.engine.Cancellation;
import io.headrace.engine.Query;
import io.headrace.engine.Session;
import io.headrace.engine.Session.Rows;
import io.headrace.error.HeadraceException;
import io.headrace.error.NearestWord;
import io.headrace.fanout.Item;
import io.headrace.fanout.Items;
import io.headrace.graph.Graph;
import io.headrace.graph.Node;
import io.headrace.plan.Schemas;
import io.headrace.project.Parameter;
import io.headrace.project.Project;
import io.headrace.project.Task;
import io.headrace.project.UnitTest;
import io.headrace.sql.ParameterizedSql;
import io.headrace.sql.SqlNames;
import io.headrace.sql.Subquery;
import io.headrace.table.Column;
import io.headrace.table.SchemaEvolution;
import io.headrace.table.TableName;
import io.headrace.table.TableSchema;
import io.headrace.workspace.Workspace;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Runs unit tests of queries, each in a name space of its own that holds nothing but its rows. */
public final class UnitTests {
  private static final TableName EXPECTED = new TableName("headrace_test", "expected");
  private static final int SHOWN_ROWS = 20;

  private final Workspace workspace;
  private final Project project;
  private final Graph graph;
  private final Schemas schemas;

  public UnitTests(Workspace workspace, Project project, Graph graph, Schemas schemas) {
    this.workspace = workspace;
    this.project = project;
    this.graph = graph;
    this.schemas = schemas;
  }

  /**
   * How a test went.
   *
   * @param differences rows that were expected and missing ({@code -}) or there and not expected
   *     ({@code +}); empty if it passed or could not run
   * @param error why it could not run, or empty
   * @param hint what to do about that, or empty
   */
  public record Outcome(
      UnitTest test, boolean passed, Optional<Rows> differences, String error, String hint) {}

  /** Runs one test. */
  public Outcome run(UnitTest test, Cancellation cancel) {
    Node node = graph.find(test.table()).orElseThrow();
    if (!(node.task().body() instanceof Task.Sql sql)) {
      return failed(
          test,
          "'%s' is no query, so there is nothing to test".formatted(test.table()),
          "Test the tables that read it");
    }
    try (Session session = workspace.engine().open(workspace.root())) {
      bindGiven(test, node, session);
      Query.Select query =
          node.fanout().isPresent()
              ? itemOf(test, node, session).queryAsText()
              : tested(node, withParameters(test, sql.text()));
      Rows differences = compare(test, session, query, cancel);
      return new Outcome(test, differences.values().isEmpty(), Optional.of(differences), "", "");
    } catch (HeadraceException e) {
      return failed(test, String.valueOf(e.getMessage()), e.hint());
    }
  }

  private static Query.Select tested(Node node, String sql) {
    return new Query.Select(
        node.task().configuration().reject().map(r -> r.sifting().of(sql)).orElse(sql));
  }

  private static Outcome failed(UnitTest test, String error, String hint) {
    return new Outcome(test, false, Optional.empty(), error, hint);
  }

  private void bindGiven(UnitTest test, Node node, Session session) {
    for (TableName given : test.given().keySet()) {
      if (!node.inputs().contains(given)) {
        List<String> inputs = node.inputs().stream().map(TableName::toString).toList();
        throw new HeadraceException(
            "'%s' is given, but '%s' does not read it".formatted(given, test.table()),
            NearestWord.hint(given.toString(), inputs, "It reads " + String.join(", ", inputs)));
      }
    }
    for (TableName input : node.inputs()) {
      TableSchema schema = schemas.of(input);
      List<Map<String, @Nullable Object>> rows = test.given().getOrDefault(input, List.of());
      requireColumns(rows, schema, "'%s'".formatted(input));
      session.bindRows(input, schema, rows);
    }
  }

  private String withParameters(UnitTest test, String text) {
    return ParameterizedSql.of(text, literals(test.parameters())).sql();
  }

  private Map<String, String> literals(Map<String, String> given) {
    Map<String, String> literals = new HashMap<>();
    Map<String, Parameter> parameters = Workspace.parameters(project, given);
    parameters.forEach((name, value) -> literals.put(name, value.literal()));
    return literals;
  }

  /** The one item that a test of a table with {@code foreach} is about. */
  private Item itemOf(UnitTest test, Node node, Session session) {
    Items items = Items.describe(node, session);
    Map<String, String> given = new HashMap<>(test.parameters());
    List<String> values = new ArrayList<>();
    for (Column column : items.columns()) {
      String value = given.remove(column.name());
      if (value == null) {
        throw new HeadraceException(
            "'%s' is made item by item, and the test gives no '%s'"
                .formatted(test.table(), column.name()),
            "Say which item is tested: `parameters: {%s: ...}`".formatted(column.name()));
      }
      values.add(value);
    }
    return items.of(values, literals(given));
  }

  private static Rows compare(
      UnitTest test, Session session, Query.Select query, Cancellation cancel) {
    List<Column> described = session.describe(query, cancel);
    TableSchema all = SchemaEvolution.evolve(Optional.empty(), described, Map.of());
    requireColumns(test.expect(), all, "the result");
    Set<String> named = new LinkedHashSet<>();
    test.expect().forEach(row -> named.addAll(row.keySet()));
    List<Column> compared =
        all.columns().stream()
            .filter(c -> named.isEmpty() || named.stream().anyMatch(c.name()::equalsIgnoreCase))
            .toList();
    session.bindRows(EXPECTED, new TableSchema(compared, all.lastColumnId()), test.expect());
    String columns =
        compared.stream().map(Column::name).map(SqlNames::quote).collect(Collectors.joining(", "));
    String sql =
        """
        WITH headrace_actual AS MATERIALIZED (SELECT %1$s FROM %2$s)
        SELECT '-' AS change, * FROM (SELECT %1$s FROM %3$s EXCEPT ALL FROM headrace_actual)
        UNION ALL
        SELECT '+' AS change, * FROM (FROM headrace_actual EXCEPT ALL SELECT %1$s FROM %3$s)
        ORDER BY ALL"""
            .formatted(columns, Subquery.of(query.sql()), SqlNames.quote(EXPECTED));
    return session.query(new Query.Select(sql), SHOWN_ROWS, cancel);
  }

  private static void requireColumns(
      List<Map<String, @Nullable Object>> rows, TableSchema schema, String of) {
    List<String> known = new ArrayList<>();
    schema.columns().forEach(column -> known.add(column.name()));
    for (Map<String, @Nullable Object> row : rows) {
      for (String name : row.keySet()) {
        if (schema.find(requireNonNull(name)).isEmpty()) {
          throw new HeadraceException(
              "%s has no column '%s'".formatted(of, name),
              NearestWord.hint(name, known, "Columns: " + String.join(", ", known)));
        }
      }
    }
  }
}

package io.headrace.engine.duckdb;

import io.headrace.engine.Cancellation;
import io.headrace.table.Column;
import io.headrace.table.KeyRule;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The tables that a merge by keys makes on its way, which go when it is closed. */
final class KeyedTables implements AutoCloseable {
  private final Workspace workspace;
  private final Cancellation cancel;
  private final Set<String> made = new LinkedHashSet<>();

  KeyedTables(Workspace workspace, Cancellation cancel) {
    this.workspace = workspace;
    this.cancel = cancel;
  }

  Cancellation cancel() {
    return cancel;
  }

  /** Makes a table of the rows of a query, instead of one of that name. */
  void make(String table, Script query) {
    made.add(table);
    run(query.within("CREATE OR REPLACE TABLE %s AS (".formatted(table), ")"));
  }

  void make(String table, String query) {
    make(table, Script.internal(query));
  }

  /** Makes a table of the rows of one that have no like in another. */
  void difference(String table, String from, String without, List<String> columns) {
    make(
        table,
        "SELECT * FROM %s AS a WHERE NOT EXISTS (FROM %s AS b WHERE %s)"
            .formatted(from, without, same(columns, "a", "b")));
  }

  void run(String text) {
    run(Script.internal(text));
  }

  void run(Script script) {
    workspace.run(script, cancel, statement -> statement.execute(script.sql()));
  }

  /** The first column of a result, as text. */
  List<String> ask(String text) {
    return workspace.run(
        Script.internal(text),
        cancel,
        statement -> {
          List<String> values = new ArrayList<>();
          try (ResultSet results = statement.executeQuery(text)) {
            while (results.next()) {
              values.add(String.valueOf(results.getString(1)));
            }
          }
          return values;
        });
  }

  boolean isEmpty(String table) {
    return ask("SELECT count(*) FROM " + table).get(0).equals("0");
  }

  /** That two rows agree in some columns. Only the end of a validity can be null. */
  static String same(List<String> columns, String a, String b) {
    return columns.stream()
        .map(
            column ->
                "%s.%s %s %s.%s"
                    .formatted(
                        a,
                        SqlText.identifier(column),
                        column.equals(KeyRule.VALID_TO) ? "IS NOT DISTINCT FROM" : "=",
                        b,
                        SqlText.identifier(column)))
        .collect(Collectors.joining(" AND "));
  }

  static String names(List<Column> columns) {
    return SqlText.identifiers(columns.stream().map(Column::name).toList());
  }

  @Override
  public void close() {
    for (String table : made) {
      Script drop = Script.internal("DROP TABLE IF EXISTS " + table);
      workspace.run(drop, Cancellation.never(), statement -> statement.execute(drop.sql()));
    }
  }
}

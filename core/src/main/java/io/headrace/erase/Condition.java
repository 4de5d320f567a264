package io.headrace.erase;

import io.headrace.engine.Cancellation;
import io.headrace.engine.Engine;
import io.headrace.engine.Query;
import io.headrace.engine.QueryException;
import io.headrace.engine.Session;
import io.headrace.error.UsageException;
import io.headrace.sql.Analysis;
import io.headrace.sql.SqlNames;
import io.headrace.table.Column;
import io.headrace.table.DataFile;
import io.headrace.table.TableData;
import io.headrace.table.TableName;
import io.headrace.table.TableSchema;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Which rows of a table are meant, and in which of its files they are. For one thread. */
final class Condition {
  private final Session session;
  private final TableName table;
  private final String text;
  private final TableSchema newest;
  private final Map<TableSchema, Optional<TableSchema>> readable = new HashMap<>();
  private final Map<TableSchema, Map<String, Long>> counts = new HashMap<>();

  /**
   * A condition on the newest columns of a table.
   *
   * @throws UsageException if it is wrong, or not a function of a row alone
   */
  Condition(Engine engine, Session session, TableName table, TableSchema newest, String text) {
    this.session = session;
    this.table = table;
    this.text = text;
    this.newest = newest;
    // Both, so that a bracket in it cannot close the one around it.
    String bare = "SELECT 1 FROM %s WHERE %s".formatted(SqlNames.quote(table), text);
    engine.analyze(List.of(bare, sql("1"))).forEach(this::requireOfRow);
    session.bindEmpty(table, newest);
    try {
      List<Column> unused = session.describe(new Query.Select(sql("1")), Cancellation.never());
    } catch (QueryException e) {
      throw wrong(String.valueOf(e.getMessage()), e.hint());
    }
  }

  private void requireOfRow(Analysis analysis) {
    if (analysis instanceof Analysis.Refused refused) {
      throw wrong(refused.message(), refused.hint());
    }
    Analysis.Query query = (Analysis.Query) analysis;
    boolean readsMore =
        !query.files().isEmpty()
            || query.tables().stream().anyMatch(t -> !t.name().equals(table.toString()));
    if (readsMore || !query.unidentified().isEmpty()) {
      throw wrong(
          "it does not depend on the row alone",
          "Name the rows by the values of their columns, such as `user_id = 42`");
    }
  }

  private UsageException wrong(String why, String hint) {
    return new UsageException(
        "Cannot look for rows of '%s': %s".formatted(table, why),
        hint.isEmpty() ? "See the columns with `headrace show %s`".formatted(table) : hint);
  }

  private String sql(String selected) {
    // The line break ends a comment in the condition.
    return "SELECT %s FROM %s WHERE (%s\n)".formatted(selected, SqlNames.quote(table), text);
  }

  String text() {
    return text;
  }

  /**
   * The columns of a version as the condition can be asked of them: as they are, or, if they had
   * other names then, under the names that they have now. Empty if one that the condition names was
   * not there.
   */
  Optional<TableSchema> readable(TableSchema schema) {
    return readable.computeIfAbsent(
        schema, own -> Stream.of(own, renamed(own)).filter(this::binds).findFirst());
  }

  private boolean binds(TableSchema schema) {
    session.bindEmpty(table, schema);
    try {
      List<Column> unused = session.describe(new Query.Select(sql("1")), Cancellation.never());
      return true;
    } catch (QueryException e) {
      return false;
    }
  }

  private TableSchema renamed(TableSchema own) {
    Map<Integer, String> names = new HashMap<>();
    newest.columns().forEach(column -> names.put(column.id(), column.name()));
    List<Column> columns =
        own.columns().stream()
            .map(c -> new Column(c.id(), names.getOrDefault(c.id(), "(" + c.id() + ")"), c.type()))
            .toList();
    return new TableSchema(columns, own.lastColumnId());
  }

  /**
   * How many of the rows meant are in each file of a version; files without any are left out, all
   * of them if the version is not {@link #readable}.
   */
  Map<String, Long> count(TableData data, Cancellation cancel) {
    Map<String, Long> found = new HashMap<>();
    Optional<TableSchema> schema = readable(data.schema());
    if (schema.isPresent()) {
      Map<String, Long> known = counts.computeIfAbsent(schema.get(), s -> new HashMap<>());
      List<DataFile> unknown =
          data.files().stream().filter(file -> !known.containsKey(file.path())).toList();
      count(schema.get(), unknown, known, cancel);
      for (DataFile file : data.files()) {
        long rows = known.getOrDefault(file.path(), 0L);
        if (rows > 0) {
          found.put(file.path(), rows);
        }
      }
    }
    return found;
  }

  /** By halves: most files have none, and to ask about many costs little more than about one. */
  private void count(
      TableSchema schema, List<DataFile> files, Map<String, Long> known, Cancellation cancel) {
    if (files.isEmpty()) {
      return;
    }
    session.bind(table, new TableData(schema, List.of(), files));
    Object counted =
        session.query(new Query.Select(sql("count(*)")), 1, cancel).values().get(0).get(0);
    long rows = ((Number) counted).longValue();
    if (rows == 0 || files.size() == 1) {
      files.forEach(file -> known.put(file.path(), rows));
      return;
    }
    int half = files.size() / 2;
    count(schema, files.subList(0, half), known, cancel);
    count(schema, files.subList(half, files.size()), known, cancel);
  }
}

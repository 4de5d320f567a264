package io.headrace.connector.jdbc;

import io.headrace.connector.Position;
import io.headrace.connector.Source;
import io.headrace.connector.SourceSettings;
import io.headrace.connector.Staged;
import io.headrace.connector.staging.CsvFiles;
import io.headrace.engine.Cancellation;
import io.headrace.engine.Query.DeclaredColumn;
import io.headrace.error.HeadraceException;
import io.headrace.error.NearestWord;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** A table or a query of a database, through a connection of its own. */
final class DatabaseSource implements Source {
  private final Connection connection;
  private final Dialect dialect;
  private final String from;
  private final List<DatabaseColumn> columns;
  private final Optional<Cursor> cursor;
  private final Optional<KeyRanges> ranges;
  private final Supplier<Connection> another;
  private final Failures failures;

  private DatabaseSource(
      Connection connection,
      Dialect dialect,
      String from,
      List<DatabaseColumn> columns,
      Optional<Cursor> cursor,
      Optional<KeyRanges> ranges,
      Supplier<Connection> another,
      Failures failures) {
    this.ranges = ranges;
    this.another = another;
    this.connection = connection;
    this.dialect = dialect;
    this.from = from;
    this.columns = columns;
    this.cursor = cursor;
    this.failures = failures;
  }

  static Source open(
      ConnectionSettings settings, Relation relation, SourceSettings source, Failures failures) {
    Supplier<Connection> another = () -> settings.connect(failures, settings.dialect()::prepare);
    Connection connection = another.get();
    try {
      Dialect dialect = settings.dialect();
      List<DatabaseColumn> columns =
          columns(connection, dialect, relation, source.columns(), failures);
      return new DatabaseSource(
          connection,
          dialect,
          relation.from(dialect),
          columns,
          Cursor.of(relation, dialect, columns),
          relation.parallel().map(how -> KeyRanges.of(how, relation, dialect, columns)),
          another,
          failures);
    } catch (RuntimeException e) {
      close(connection);
      throw e;
    }
  }

  private static List<DatabaseColumn> columns(
      Connection connection,
      Dialect dialect,
      Relation relation,
      List<DeclaredColumn> declared,
      Failures failures) {
    List<DatabaseColumn> columns = new ArrayList<>();
    String sql = "SELECT * FROM " + relation.from(dialect) + " WHERE 1 = 0";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      // Some systems execute all of a query, even if none of its rows are asked for.
      ResultSetMetaData prepared = statement.getMetaData();
      ResultSetMetaData meta = prepared == null ? statement.executeQuery().getMetaData() : prepared;
      for (int i = 1; i <= meta.getColumnCount(); i++) {
        Optional<String> type = Dialect.declared(declared, meta.getColumnLabel(i));
        columns.add(dialect.column(meta, i, type));
      }
    } catch (SQLException e) {
      if (dialect.cause(e) == Failures.Cause.NO_TABLE && !relation.table().isEmpty()) {
        rollback(connection);
        throw Tables.unknown(connection, dialect, relation, failures);
      }
      throw failures.of("read from", e);
    } finally {
      rollback(connection);
    }
    requireNames(relation, columns, declared);
    return List.copyOf(columns);
  }

  private static void requireNames(
      Relation relation, List<DatabaseColumn> columns, List<DeclaredColumn> declared) {
    Set<String> names = new HashSet<>();
    for (DatabaseColumn column : columns) {
      if (!names.add(column.name().toLowerCase(Locale.ROOT))) {
        throw new HeadraceException(
            "Two columns of '%s' have the name '%s'".formatted(relation.name(), column.name()),
            "Rename one of them with AS in `query`; upper and lower case do not count");
      }
    }
    if (columns.isEmpty()) {
      throw new HeadraceException("'%s' has no columns".formatted(relation.name()), "");
    }
    for (DeclaredColumn column : declared) {
      if (!names.contains(column.name().toLowerCase(Locale.ROOT))) {
        throw new HeadraceException(
            "'%s' has no column '%s'".formatted(relation.name(), column.name()),
            NearestWord.hint(column.name(), names, "Take it out of `columns`"));
      }
    }
  }

  @Override
  public boolean mayStayOpen() {
    return dialect.isServer();
  }

  @Override
  public List<Position> positions(List<Position> known, boolean afresh, Cancellation cancel) {
    cancel.throwIfRequested();
    if (cursor.isEmpty()) {
      return List.of();
    }
    try {
      dialect.beginSnapshot(connection);
      return cursor.get().positions(connection, cancel);
    } catch (SQLException e) {
      throw failures.of("read from", e, cancel);
    } finally {
      rollback(connection);
    }
  }

  @Override
  public List<DeclaredColumn> columns() {
    return columns.stream()
        .map(column -> new DeclaredColumn(column.name(), column.type()))
        .toList();
  }

  @Override
  public Staged read(List<Position> after, List<Position> upTo, Path folder, Cancellation cancel) {
    cancel.throwIfRequested();
    String condition = cursor.map(known -> known.condition(after, upTo)).orElse("");
    try (CsvFiles files = new CsvFiles(folder)) {
      dialect.beginSnapshot(connection);
      if (ranges.isPresent()) {
        return readParts(ranges.get(), condition, folder, cancel);
      }
      dialect.read(connection, new Selection(columns, from, condition), files, cancel);
      cancel.throwIfRequested();
      return files.finish(columns());
    } catch (SQLException e) {
      throw failures.of("read from", e, cancel);
    } catch (IOException e) {
      throw failures.writing(e);
    } finally {
      rollback(connection);
    }
  }

  private Staged readParts(KeyRanges parts, String condition, Path folder, Cancellation cancel)
      throws SQLException {
    String snapshot =
        dialect
            .shareSnapshot(connection)
            .orElseThrow(
                () ->
                    new HeadraceException(
                        "The database '%s' cannot show one state of itself to several connections"
                            .formatted(failures.connection()),
                        "Take `parallel` out: only PostgreSQL is read in parts"));
    return new ParallelRead(dialect, another, columns, columns(), from, failures)
        .read(snapshot, parts.conditions(connection, condition, cancel), folder, cancel);
  }

  @Override
  public void close() {
    close(connection);
  }

  /** Ends the transaction. If the connection is gone, so is the transaction. */
  private static void rollback(Connection connection) {
    try {
      if (!connection.getAutoCommit()) {
        connection.rollback();
      }
    } catch (SQLException e) {
      // The next statement says so.
    }
  }

  static void close(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      // Nothing was written that could be lost.
    }
  }
}

package io.headrace.connector.jdbc;

import io.headrace.connector.Delivery;
import io.headrace.connector.Target;
import io.headrace.engine.Cancellation;
import io.headrace.error.HeadraceException;
import io.headrace.table.Column;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * A table of a database, through a connection of its own. Which version it holds is in the table
 * {@code headrace_exports} of the same schema. Rows are loaded into temporary tables first, so that
 * the transaction that readers wait for is short.
 */
final class DatabaseTarget implements Target {
  private static final String NOTES = "headrace_exports";
  private static final String ROWS = "headrace_rows";
  private static final String KEYS = "headrace_keys";
  private static final int MOST_LOOKS = 50;
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

  private final Connection connection;
  private final Dialect dialect;
  private final DeliveryDialect delivery;
  private final Relation relation;
  private final String table;
  private final String notes;
  private final Failures failures;

  private DatabaseTarget(
      Connection connection,
      Dialect dialect,
      DeliveryDialect delivery,
      Relation relation,
      Failures failures) {
    this.connection = connection;
    this.dialect = dialect;
    this.delivery = delivery;
    this.relation = relation;
    this.table = relation.from(dialect);
    this.notes = relation.sibling(NOTES).from(dialect);
    this.failures = failures;
  }

  static Target open(ConnectionSettings settings, String into, Failures failures) {
    Relation relation = new Relation(into, "", "", Optional.empty());
    DeliveryDialect delivery =
        settings
            .dialect()
            .delivery()
            .orElseThrow(
                () ->
                    new HeadraceException(
                        "Cannot deliver to the database '%s': its system is not known"
                            .formatted(failures.connection()),
                        "Rows are delivered to PostgreSQL, MariaDB, MySQL, SQLite and DuckDB,"
                            + " and to files"));
    Connection connection =
        settings.with(delivery.properties()).connect(failures, delivery::prepare);
    return new DatabaseTarget(connection, settings.dialect(), delivery, relation, failures);
  }

  @Override
  public Optional<String> version() {
    try {
      return isThere(table) ? Note.held(note("")) : Optional.empty();
    } catch (SQLException e) {
      throw failures.delivering(e, Cancellation.never());
    }
  }

  private boolean isThere(String name) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT 1 FROM " + name + " WHERE 1 = 0")) {
      return !result.next();
    } catch (SQLException e) {
      if (dialect.cause(e) == Failures.Cause.NO_TABLE) {
        return false;
      }
      throw e;
    }
  }

  /** What is noted of the table: a version, or nothing if its rows are ours but not known. */
  private Optional<Note> note(String lock) throws SQLException {
    if (!isThere(notes)) {
      return Optional.empty();
    }
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT version, delivered_at FROM " + notes + " WHERE name = ?" + lock)) {
      statement.setString(1, relation.simpleName());
      try (ResultSet result = statement.executeQuery()) {
        return result.next()
            ? Optional.of(new Note(result.getString(1), result.getString(2)))
            : Optional.empty();
      }
    }
  }

  /**
   * What is noted of a table.
   *
   * @param version that it holds, or empty if an export claimed it and has delivered nothing yet
   */
  private record Note(String version, String deliveredAt) {
    static Optional<String> held(Optional<Note> note) {
      return note.map(Note::version).filter(version -> !version.isEmpty());
    }
  }

  @Override
  public Optional<Long> deliver(Delivery rows, Cancellation cancel) {
    cancel.throwIfRequested();
    try {
      prepare(rows);
      List<String> names = names(rows.columns());
      stage(ROWS, rows.columns(), rows.change().rows(), cancel);
      if (rows.change() instanceof Delivery.Update update) {
        stage(KEYS, columns(rows.columns(), rows.key()), update.keys(), cancel);
      }
      cancel.throwIfRequested();
      execute(delivery.begin());
      try {
        Optional<Long> written = change(rows, String.join(", ", names), cancel);
        execute(written.isPresent() ? "COMMIT" : "ROLLBACK");
        return written;
      } catch (SQLException | RuntimeException e) {
        rollback();
        throw e;
      }
    } catch (SQLException e) {
      if (dialect.cause(e) == Failures.Cause.OVERTAKEN) {
        return Optional.empty();
      }
      throw failures.delivering(e, cancel);
    } catch (IOException e) {
      throw failures.writing(e);
    }
  }

  private Optional<Long> change(Delivery rows, String names, Cancellation cancel)
      throws SQLException {
    Optional<String> held = Note.held(note(delivery.lock()));
    if (!held.equals(rows.before())) {
      return Optional.empty();
    }
    if (rows.change() instanceof Delivery.Replace) {
      update("DELETE FROM " + table, cancel);
    } else if (rows.change() instanceof Delivery.Update) {
      List<String> key = columns(rows.columns(), rows.key()).stream().map(Column::name).toList();
      update(delivery.delete(dialect, table, key, delivery.temporary(KEYS)), cancel);
    }
    update(
        "INSERT INTO %s (%s) SELECT %s FROM %s"
            .formatted(table, names, names, delivery.temporary(ROWS)),
        cancel);
    try (PreparedStatement statement =
        connection.prepareStatement(
            "UPDATE " + notes + " SET version = ?, delivered_at = ? WHERE name = ?")) {
      statement.setString(1, rows.version());
      statement.setString(2, rows.at().toString());
      statement.setString(3, relation.simpleName());
      statement.executeUpdate();
    }
    return Optional.of(staged());
  }

  /** Makes the tables that are not there, and sees that those that are there will do. */
  private void prepare(Delivery rows) throws SQLException {
    create(
        notes,
        "CREATE TABLE %s (name %s PRIMARY KEY, version %s NOT NULL, delivered_at %s NOT NULL)"
            .formatted(notes, delivery.wordType(), delivery.wordType(), delivery.wordType()));
    Optional<Note> before = note("");
    if (!isThere(table)) {
      // What was noted before is of a table that was dropped; what is by now may be another's work.
      if (before.isPresent()) {
        forget(before.get());
      }
      create(table, delivery.create(dialect, table, rows.columns(), rows.key()));
    }
    requireColumns(rows.columns());
    Optional<String> unfit = delivery.unfit(connection, relation);
    if (unfit.isPresent()) {
      throw new HeadraceException(
          "Cannot deliver to '%s': %s".formatted(relation.table(), unfit.get()),
          "Readers would see a half of it: store it otherwise, or drop it and have it made");
    }
    claim();
  }

  /** Whether it was not there. */
  private void create(String name, String sql) throws SQLException {
    if (isThere(name)) {
      return;
    }
    try {
      execute(sql);
    } catch (SQLException e) {
      // Somebody else may have made it just now.
      if (!isThere(name)) {
        throw e;
      }
    }
  }

  private void forget(Note note) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "UPDATE "
                + notes
                + " SET version = '' WHERE name = ? AND version = ? AND delivered_at = ?")) {
      statement.setString(1, relation.simpleName());
      statement.setString(2, note.version());
      statement.setString(3, note.deliveredAt());
      statement.executeUpdate();
    }
  }

  /** Notes that the rows of the table are ours to replace, while there are none. */
  private void claim() throws SQLException {
    if (note("").isPresent()) {
      return;
    }
    if (hasRows()) {
      // Whoever delivered them since has claimed the table before.
      if (note("").isPresent()) {
        return;
      }
      throw new HeadraceException(
          "Cannot deliver to '%s': there are rows in it that no export has delivered"
              .formatted(relation.table()),
          "Delete them if nobody needs them, or name another table under `into`");
    }
    try (PreparedStatement statement =
        connection.prepareStatement("INSERT INTO " + notes + " VALUES (?, '', '')")) {
      statement.setString(1, relation.simpleName());
      statement.executeUpdate();
    } catch (SQLException e) {
      if (!isNotedSoon()) {
        throw e;
      }
    }
  }

  /** Whether somebody else has claimed it, whose transaction may be seen a moment later. */
  private boolean hasRows() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT 1 FROM " + table + " LIMIT 1")) {
      return result.next();
    }
  }

  private boolean isNotedSoon() throws SQLException {
    for (int look = 0; look < MOST_LOOKS && note("").isEmpty(); look++) {
      LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
    }
    return note("").isPresent();
  }

  private void requireColumns(List<Column> columns) throws SQLException {
    List<ExistingColumn> existing = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT * FROM " + table + " WHERE 1 = 0")) {
      ResultSetMetaData meta = result.getMetaData();
      for (int i = 1; i <= meta.getColumnCount(); i++) {
        existing.add(ExistingColumn.of(meta, i));
      }
    }
    List<String> wrong = new ArrayList<>();
    for (Column column : columns) {
      Optional<ExistingColumn> found =
          existing.stream().filter(each -> each.name().equals(column.name())).findFirst();
      if (found.isEmpty()) {
        wrong.add("it has no column '%s' (%s)".formatted(column.name(), column.type()));
      } else {
        delivery
            .misfit(column.type(), found.get())
            .ifPresent(
                type ->
                    wrong.add(
                        "column '%s' is %s, which does not hold every %s"
                            .formatted(column.name(), type, column.type())));
      }
    }
    if (!wrong.isEmpty()) {
      throw new HeadraceException(
          "Cannot deliver to '%s': %s".formatted(relation.table(), String.join("; ", wrong)),
          "Change the table there, or drop it: it is made again with the right columns");
    }
  }

  private List<String> names(List<Column> columns) {
    return columns.stream().map(column -> dialect.quote(column.name())).toList();
  }

  private static List<Column> columns(List<Column> columns, List<String> names) {
    return names.stream()
        .flatMap(name -> columns.stream().filter(column -> column.name().equals(name)))
        .toList();
  }

  /** Loads a file into a temporary table with columns as the table has them. */
  private void stage(String name, List<Column> columns, Path file, Cancellation cancel)
      throws SQLException, IOException {
    String temporary = delivery.temporary(name);
    String names = String.join(", ", names(columns));
    execute(delivery.dropTemporary(name));
    execute(
        "CREATE TEMPORARY TABLE %s AS SELECT %s FROM %s WHERE 1 = 0".formatted(name, names, table));
    execute("BEGIN");
    try {
      delivery.load(connection, temporary, columns, file, cancel);
      execute("COMMIT");
    } catch (SQLException | IOException | RuntimeException e) {
      rollback();
      throw e;
    }
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** How many rows are delivered. Counts of statements may have those of triggers in them. */
  private long staged() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery("SELECT count(*) FROM " + delivery.temporary(ROWS))) {
      return result.next() ? result.getLong(1) : 0;
    }
  }

  private void update(String sql, Cancellation cancel) throws SQLException {
    try (Statement statement = connection.createStatement();
        Cancellation.Registration registration = cancel.onRequest(() -> CsvRows.stop(statement))) {
      statement.executeUpdate(sql);
    }
  }

  /** Ends the transaction. If the connection is gone, so is the transaction. */
  private void rollback() {
    try {
      execute("ROLLBACK");
    } catch (SQLException e) {
      // What went wrong before is told.
    }
  }

  @Override
  public void close() {
    DatabaseSource.close(connection);
  }
}

package io.headrace.connector.jdbc;

import io.headrace.connector.Position;
import io.headrace.connector.staging.CursorKind;
import io.headrace.engine.Cancellation;
import io.headrace.error.HeadraceException;
import io.headrace.error.NearestWord;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;

/**
 * The column that says which rows are new.
 *
 * @param part what the part of its positions is called
 * @param from as in a FROM clause
 */
record Cursor(Dialect dialect, DatabaseColumn column, CursorKind kind, String part, String from) {
  /**
   * The cursor that a relation names.
   *
   * @throws HeadraceException if there is no such column, or if its values have no order
   */
  static Optional<Cursor> of(Relation relation, Dialect dialect, List<DatabaseColumn> columns) {
    if (relation.cursor().isEmpty()) {
      return Optional.empty();
    }
    DatabaseColumn column =
        columns.stream()
            .filter(candidate -> candidate.name().equals(relation.cursor()))
            .findFirst()
            .orElseThrow(() -> unknown(relation, columns));
    CursorKind kind =
        column
            .cursor()
            .orElseThrow(
                () ->
                    new HeadraceException(
                        "Column '%s' of '%s' cannot be the cursor: its type is %s"
                            .formatted(column.name(), relation.name(), column.systemType()),
                        "Take a column that grows with every new row: a number without fraction of"
                            + " binary digits, a date, a timestamp, or text"));
    return Optional.of(new Cursor(dialect, column, kind, relation.name(), relation.from(dialect)));
  }

  private static HeadraceException unknown(Relation relation, List<DatabaseColumn> columns) {
    List<String> names = columns.stream().map(DatabaseColumn::name).toList();
    return new HeadraceException(
        "The cursor '%s' is no column of '%s'".formatted(relation.cursor(), relation.name()),
        NearestWord.hint(relation.cursor(), names, "The columns are " + String.join(", ", names)));
  }

  /** How far it goes now, or nothing if there are no rows. */
  List<Position> positions(Connection connection, Cancellation cancel) throws SQLException {
    requireNoNulls(connection, cancel);
    cancel.throwIfRequested();
    Optional<String> largest = dialect.largest(connection, from, column);
    if (largest.isEmpty()) {
      return List.of();
    }
    String value =
        kind.canonical(largest.get())
            .orElseThrow(
                () ->
                    new HeadraceException(
                        "Column '%s' of '%s' cannot be the cursor: its largest value is '%s'"
                            .formatted(column.name(), part, largest.get()),
                        kind == CursorKind.TEXT
                            ? "It is text that is ordered otherwise than the numbers in it: convert"
                                + " it to a number with `query`"
                            : "New rows would never be behind it: leave such rows out with"
                                + " `query`"));
    return List.of(new Position(part, value));
  }

  private void requireNoNulls(Connection connection, Cancellation cancel) throws SQLException {
    String name = dialect.quote(column.name());
    try (Statement statement = connection.createStatement();
        Cancellation.Registration registration = cancel.onRequest(() -> CsvRows.stop(statement));
        ResultSet result =
            statement.executeQuery(
                "SELECT count(*) FROM %s WHERE %s IS NULL".formatted(from, name))) {
      long count = result.next() ? result.getLong(1) : 0;
      if (count > 0) {
        throw new HeadraceException(
            "%d rows of '%s' have no value in the cursor '%s', and would never be read"
                .formatted(count, part, column.name()),
            "Give them one, leave them out with `query`, or read everything without `cursor`");
      }
    }
  }

  /** The condition of the rows behind some positions, up to others. */
  String condition(List<Position> after, List<Position> upTo) {
    Optional<Position> last = find(upTo);
    if (last.isEmpty()) {
      return "1 = 0";
    }
    String ordered = dialect.ordered(column);
    String end = ordered + " <= " + literal(last.get());
    return find(after).map(first -> ordered + " > " + literal(first) + " AND " + end).orElse(end);
  }

  private Optional<Position> find(List<Position> positions) {
    return positions.stream().filter(position -> position.part().equals(part)).findFirst();
  }

  private String literal(Position position) {
    if (!kind.canonical(position.value()).equals(Optional.of(position.value()))) {
      throw new HeadraceException(
          "The cursor '%s' of '%s' has values of type %s, but was at '%s'"
              .formatted(column.name(), part, column.systemType(), position.value()),
          "Did its type change? Then build the table whole");
    }
    return dialect.literal(kind, position.value());
  }
}

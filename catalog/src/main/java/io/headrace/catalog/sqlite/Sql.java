package io.headrace.catalog.sqlite;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A connection that keeps its statements prepared: the texts are few, and to prepare one costs more
 * than to run it. Used by one thread at a time.
 */
final class Sql implements AutoCloseable {
  private static final int CHUNK = 500;

  private final Connection connection;
  private final Map<String, PreparedStatement> prepared = new HashMap<>();

  Sql(Connection connection) {
    this.connection = connection;
  }

  /** Runs a statement that is used once and returns nothing. */
  void execute(String text) throws SQLException {
    prepare(text).execute();
  }

  /** Runs a script of many statements. */
  void executeAll(String script) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      int unused = statement.executeUpdate(script);
    }
  }

  /** Runs a change and returns how many rows it touched. */
  int update(String text, @Nullable Object... parameters) throws SQLException {
    return bind(text, parameters).executeUpdate();
  }

  /** Returns all rows. */
  <T> List<T> list(String text, Row<T> row, @Nullable Object... parameters) throws SQLException {
    List<T> rows = new ArrayList<>();
    forEach(text, result -> rows.add(row.read(result)), parameters);
    return rows;
  }

  /** Returns the first row, if there is one. */
  <T> Optional<T> first(String text, Row<T> row, @Nullable Object... parameters)
      throws SQLException {
    try (ResultSet result = bind(text, parameters).executeQuery()) {
      return result.next() ? Optional.of(row.read(result)) : Optional.empty();
    }
  }

  /** Hands over each row. */
  void forEach(String text, EachRow each, @Nullable Object... parameters) throws SQLException {
    try (ResultSet result = bind(text, parameters).executeQuery()) {
      while (result.next()) {
        each.take(result);
      }
    }
  }

  /**
   * Hands over each row that a query finds for any of {@code keys}, which take the place of {@code
   * (?)} in its text; many at a time, since a query for each would cost more.
   */
  void forEachOf(String text, Collection<String> keys, EachRow each) throws SQLException {
    Iterator<String> rest = keys.iterator();
    while (rest.hasNext()) {
      List<String> chunk = new ArrayList<>(CHUNK);
      while (rest.hasNext() && chunk.size() < CHUNK) {
        chunk.add(rest.next());
      }
      // Two sizes only, so that two statements serve all: a key that comes twice does no harm.
      int size = chunk.size() == 1 ? 1 : CHUNK;
      while (chunk.size() < size) {
        chunk.add(chunk.get(0));
      }
      String marks = "(" + "?,".repeat(size - 1) + "?)";
      forEach(text.replace("(?)", marks), each, chunk.toArray());
    }
  }

  /**
   * Hands over pairs of texts that a query joined with {@link #pair} into one: thousands of rows
   * take a tenth of the time in one piece, since each value that the driver hands over costs a call
   * out of Java.
   */
  void forEachPair(String text, BiConsumer<String, String> each, @Nullable Object... parameters)
      throws SQLException {
    String pairs = "";
    try (ResultSet result = bind(text, parameters).executeQuery()) {
      String joined = result.next() ? result.getString(1) : null;
      pairs = joined == null ? "" : joined;
    }
    int start = 0;
    while (start < pairs.length()) {
      int middle = pairs.indexOf('\t', start);
      int end = pairs.indexOf('\n', middle);
      each.accept(pairs.substring(start, middle), pairs.substring(middle + 1, end));
      start = end + 1;
    }
  }

  /** Selects two columns as {@link #forEachPair} reads them; neither holds a tab or a line feed. */
  static String pair(String first, String second) {
    return "string_agg(%s || '\t' || %s || '\n', '')".formatted(first, second);
  }

  private PreparedStatement bind(String text, @Nullable Object... parameters) throws SQLException {
    PreparedStatement statement = prepare(text);
    for (int i = 0; i < parameters.length; i++) {
      Object parameter = parameters[i];
      if (parameter instanceof String string) {
        statement.setString(i + 1, string);
      } else if (parameter instanceof Long number) {
        statement.setLong(i + 1, number);
      } else if (parameter instanceof Integer number) {
        statement.setInt(i + 1, number);
      } else if (parameter == null) {
        statement.setNull(i + 1, java.sql.Types.NULL);
      } else {
        throw new IllegalArgumentException("Unexpected parameter %s".formatted(parameter));
      }
    }
    return statement;
  }

  private PreparedStatement prepare(String text) throws SQLException {
    PreparedStatement statement = prepared.get(text);
    if (statement == null) {
      statement = connection.prepareStatement(text);
      prepared.put(text, statement);
    }
    return statement;
  }

  /** The texts of the statements that it has run. */
  Set<String> texts() {
    return Set.copyOf(prepared.keySet());
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }

  /** Reads one row. */
  @FunctionalInterface
  interface Row<T> {
    T read(ResultSet result) throws SQLException;
  }

  /** Takes one row. */
  @FunctionalInterface
  interface EachRow {
    void take(ResultSet result) throws SQLException;
  }
}

package io.headrace.engine.duckdb;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.headrace.engine.Engine;
import io.headrace.engine.EngineProvider;
import io.headrace.engine.Query;
import io.headrace.engine.Session;
import io.headrace.engine.duckdb.SyntaxTree.Reading;
import io.headrace.error.HeadraceException;
import io.headrace.sql.Analysis;
import io.headrace.sql.Analysis.Refused;
import io.headrace.table.PartitionSlice;
import io.headrace.table.TableName;
import io.headrace.table.TableSchema;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** One DuckDB instance, started when it is first needed. */
final class DuckDbEngine implements Engine {
  /** Enough statements to be worth a thread. */
  private static final int BATCH = 32;

  /** Empty tables must not make a plan empty. */
  private static final String WITHOUT_STATISTICS =
      "SET disabled_optimizers = 'statistics_propagation,empty_result_pullup'";

  private final EngineProvider.Settings settings;
  private final Database database;

  /** Another instance, because which optimizers are off holds for all of one. */
  private final Database planning;

  DuckDbEngine(EngineProvider.Settings settings) {
    this.settings = requireNonNull(settings, "settings is null");
    this.database = new Database(settings, "");
    this.planning = new Database(settings, WITHOUT_STATISTICS);
  }

  @Override
  public String identity() {
    return "duckdb " + DuckDbProvider.DUCKDB_VERSION;
  }

  @Override
  public List<Analysis> analyze(List<String> statements) {
    if (statements.isEmpty()) {
      return List.of();
    }
    int batches =
        Math.max(1, Math.min(settings.threads(), (statements.size() + BATCH - 1) / BATCH));
    int size = (statements.size() + batches - 1) / batches;
    // DuckDB parses one batch in one thread.
    return IntStream.range(0, batches)
        .parallel()
        .mapToObj(i -> cut(statements, i * size, size))
        .map(batch -> readAll(database, batch))
        .flatMap(List::stream)
        .map(Reading::analysis)
        .toList();
  }

  private static List<String> cut(List<String> list, int start, int size) {
    return list.subList(Math.min(start, list.size()), Math.min(start + size, list.size()));
  }

  @Override
  public boolean isConfined(
      Query.Select query,
      Map<TableName, TableSchema> tables,
      PartitionSlice slice,
      TableName input,
      String column) {
    try (Workspace workspace = new Workspace(planning)) {
      return new Confinement(workspace, tables).holds(query, slice, input, column);
    }
  }

  @Override
  public Session open(Path folder) {
    return new DuckDbSession(database, folder.toAbsolutePath().normalize());
  }

  @Override
  public void close() {
    planning.close();
    database.close();
  }

  static List<Reading> readAll(Database database, List<String> statements) {
    int instance = database.generation();
    try {
      return parse(database, statements);
    } catch (SQLException e) {
      if (Invalidation.isSuffered(e)) {
        database.replace(instance);
        return readAll(database, statements);
      }
      if (Invalidation.isCaused(e)) {
        database.replace(instance);
      }
      if (statements.size() == 1) {
        Refused refused = new Refused(SqlErrors.reason(e), "", 0);
        return List.of(new Reading(refused, List.of()));
      }
      // One that DuckDB cannot even report on must not take the others with it.
      List<Reading> result = new ArrayList<>(statements.size());
      for (String statement : statements) {
        result.addAll(readAll(database, List.of(statement)));
      }
      return result;
    }
  }

  private static List<Reading> parse(Database database, List<String> statements)
      throws SQLException {
    List<Reading> result = new ArrayList<>(statements.size());
    try (Database.Lease lease = database.borrow(Database.ROOT_CATALOG);
        PreparedStatement query =
            lease
                .connection()
                .prepareStatement("SELECT json_serialize_sql(unnest(?::VARCHAR[]))::VARCHAR")) {
      query.setArray(1, lease.connection().createArrayOf("VARCHAR", statements.toArray()));
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          String reply = rows.getString(1);
          result.add(SyntaxTree.read(statements.get(result.size()), Json.MAPPER.readTree(reply)));
        }
      }
    } catch (JsonProcessingException e) {
      throw new HeadraceException("Cannot read DuckDB's syntax tree: " + e.getMessage(), "", e);
    }
    if (result.size() != statements.size()) {
      throw new IllegalStateException("DuckDB did not answer for every statement");
    }
    return result;
  }
}

package io.headrace.query;

import io.headrace.catalog.Snapshot;
import io.headrace.catalog.Version;
import io.headrace.engine.Cancellation;
import io.headrace.engine.Engine;
import io.headrace.engine.Query;
import io.headrace.engine.QueryException;
import io.headrace.engine.Session;
import io.headrace.engine.Session.Rows;
import io.headrace.engine.Veil;
import io.headrace.error.HeadraceException;
import io.headrace.error.NearestWord;
import io.headrace.error.UsageException;
import io.headrace.sql.Analysis;
import io.headrace.sql.SqlNames;
import io.headrace.table.TableData;
import io.headrace.table.TableName;
import io.headrace.workspace.Workspace;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Runs queries over the tables of one commit. Safe for many threads. */
public final class Reader implements AutoCloseable {
  /** Clauses that differ from call to call, and read nothing. */
  private static final Set<String> HARMLESS =
      Set.of(
          "now()",
          "today()",
          "current_date",
          "current_time",
          "current_timestamp",
          "localtime",
          "localtimestamp",
          "random()",
          "uuid()",
          "gen_random_uuid()",
          "SAMPLE");

  private final Workspace workspace;
  private final Snapshot snapshot;
  private final Function<TableName, Veil> veils;
  private final Session session;
  private final Set<TableName> bound = new HashSet<>();

  /** What it reads. */
  public Snapshot snapshot() {
    return snapshot;
  }

  /** Reads {@code snapshot}, whatever is published meanwhile. */
  public Reader(Workspace workspace, Snapshot snapshot) {
    this(workspace, snapshot, table -> Veil.NONE);
  }

  /**
   * Reads what veils leave of the tables of {@code snapshot}.
   *
   * @param veils says of each table what is left of it
   */
  public Reader(Workspace workspace, Snapshot snapshot, Function<TableName, Veil> veils) {
    this.workspace = workspace;
    this.snapshot = snapshot;
    this.veils = veils;
    this.session = workspace.engine().open(workspace.root());
  }

  /**
   * Runs a query.
   *
   * @throws UsageException if it names a table that the commit does not have
   * @throws QueryException if it is wrong or fails
   */
  public Rows query(String sql, long limit, Cancellation cancel) {
    bindTablesOf(sql);
    return session.query(new Query.Select(sql), limit, cancel);
  }

  /**
   * Runs a query of somebody who may read the tables, and nothing else of this machine: no file, no
   * network, no setting.
   *
   * @throws UsageException if it names a table that the commit does not have, or reads anything
   *     that is no table
   * @throws QueryException if it is wrong or fails
   */
  public Rows queryTables(String sql, long limit, Cancellation cancel) {
    requireTablesOnly(workspace.engine(), sql);
    return query(sql, limit, cancel);
  }

  /**
   * Refuses a query that reads anything that is no table.
   *
   * @throws UsageException saying what
   */
  public static void requireTablesOnly(Engine engine, String sql) {
    Analysis.Query query = analyze(engine, sql);
    if (!query.files().isEmpty()) {
      throw new UsageException(
          "Cannot query: '%s' is no table".formatted(query.files().get(0).path()),
          "Only tables can be read here");
    }
    for (Analysis.Unidentified clause : query.unidentified()) {
      if (!HARMLESS.contains(clause.clause())) {
        throw new UsageException(
            "Cannot query: %s may read something that is no table".formatted(clause.clause()),
            "Only tables can be read here");
      }
    }
  }

  /** Runs a query and writes its rows to a file that is not there yet. */
  public void export(String sql, Path target, Session.ExportFormat format, Cancellation cancel) {
    bindTablesOf(sql);
    session.export(new Query.Select(sql), target, format, cancel);
  }

  /** Makes a table readable and returns what it is made of. */
  public TableData bind(TableName table) {
    Version version = version(table);
    TableData data = workspace.tables().load(version.metadataLocation());
    synchronized (bound) {
      if (!bound.contains(table)) {
        Veil veil = veils.apply(table);
        session.bind(table, data, veil);
        if (!veil.isEmpty()) {
          requireSound(table, veil);
        }
        bound.add(table);
      }
    }
    return data;
  }

  /** What is left of a table for whom this reads. */
  public Veil veil(TableName table) {
    return veils.apply(table);
  }

  /**
   * A veil that does not fit its table, or reads anything else, lets nothing through. Why it does
   * not fit is not said: whom it is for may not know what it says.
   */
  private void requireSound(TableName table, Veil veil) {
    String name = SqlNames.quote(table);
    try {
      for (String expression : veil.expressions()) {
        Analysis.Query query =
            analyze(workspace.engine(), "SELECT (%s\n) FROM %s".formatted(expression, name));
        boolean readsOnlyIt =
            query.files().isEmpty()
                && query.unidentified().isEmpty()
                && query.tables().stream().allMatch(t -> t.name().equals(table.toString()));
        if (!readsOnlyIt) {
          throw unsound(table);
        }
      }
      Set<String> columns =
          session.describe(new Query.Select("SELECT * FROM " + name), Cancellation.never()).stream()
              .map(column -> column.name().toLowerCase(Locale.ROOT))
              .collect(Collectors.toSet());
      if (!columns.containsAll(veil.needed())) {
        throw unsound(table);
      }
    } catch (HeadraceException e) {
      throw unsound(table);
    }
  }

  private static HeadraceException unsound(TableName table) {
    return new HeadraceException(
        "Cannot read '%s': its filters or masks do not fit it".formatted(table),
        "Tell whoever keeps the server's access.yaml");
  }

  /**
   * The version of a table in the commit.
   *
   * @throws UsageException if the commit does not have the table
   */
  public Version version(TableName table) {
    return snapshot
        .version(table)
        .flatMap(workspace.catalog().versions()::find)
        .orElseThrow(() -> unknownTable(table.toString()));
  }

  private static Analysis.Query analyze(Engine engine, String sql) {
    Analysis analysis = engine.analyze(List.of(sql)).get(0);
    if (analysis instanceof Analysis.Refused refused) {
      String place =
          refused.offset() > 0 ? " (at character %d)".formatted(refused.offset() + 1) : "";
      throw new HeadraceException("Cannot query: " + refused.message() + place, refused.hint());
    }
    return (Analysis.Query) analysis;
  }

  private void bindTablesOf(String sql) {
    for (Analysis.TableReference reference : analyze(workspace.engine(), sql).tables()) {
      bind(parse(reference.name()).orElseThrow(() -> unknownTable(reference.name())));
    }
  }

  private UsageException unknownTable(String name) {
    List<String> known = snapshot.versions().keySet().stream().map(TableName::toString).toList();
    return new UsageException(
        "Unknown table '%s' in environment '%s'".formatted(name, snapshot.environment()),
        NearestWord.hint(
            name,
            known,
            known.isEmpty()
                ? "Nothing is published yet: run `headrace run`"
                : "See `headrace show`"));
  }

  private static Optional<TableName> parse(String name) {
    try {
      return Optional.of(TableName.parse(name));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    session.close();
  }
}

package io.headrace.engine.duckdb;

import static java.util.Objects.requireNonNull;

import io.headrace.engine.EngineProvider;
import io.headrace.error.HeadraceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBDriver;
import org.jspecify.annotations.Nullable;

/**
 * The one DuckDB instance of an engine, and its connections. Loading DuckDB takes longer than most
 * commands, so that is left to the first borrower.
 *
 * <p>An error that DuckDB has no name for, as a damaged file may raise, makes it refuse all further
 * work. Then {@link #replace} puts a new instance, without catalogs, in its place.
 */
final class Database implements AutoCloseable {
  /** The schema of tables without one. Never the name of a schema, so it can hide none. */
  static final String DEFAULT_SCHEMA = "(tables)";

  /** The catalog without tables, for work that belongs to no session. */
  static final String ROOT_CATALOG = "memory";

  private final EngineProvider.Settings settings;
  private final String setup;
  private final Deque<Pooled> idle = new ArrayDeque<>();
  private final AtomicInteger catalogs = new AtomicInteger();
  private @Nullable DuckDBConnection root;
  private int generation;
  private boolean closed;
  private boolean hasBuckets;

  /**
   * @param setup statements to run first, or none
   */
  Database(EngineProvider.Settings settings, String setup) {
    this.setup = setup;
    this.settings = requireNonNull(settings, "settings is null");
  }

  /** Lends a connection in which names mean what they mean in {@code catalog}. */
  Lease borrow(String catalog) throws SQLException {
    Pooled pooled = take(catalog);
    try {
      pooled.enter(catalog);
    } catch (SQLException e) {
      pooled.connection.close();
      throw e;
    }
    return new Lease(this, pooled);
  }

  /** Makes an empty catalog, which sees nothing of others, and returns its name. */
  String createCatalog() throws SQLException {
    // Not a word, or it could be taken for a schema of the same name.
    String name = "(session %d)".formatted(catalogs.incrementAndGet());
    String quoted = SqlText.identifier(name);
    try (Lease lease = borrow(ROOT_CATALOG);
        Statement statement = lease.connection().createStatement()) {
      statement.execute(
          "ATTACH ':memory:' AS %s; CREATE SCHEMA %s.%s"
              .formatted(quoted, quoted, SqlText.identifier(DEFAULT_SCHEMA)));
    }
    return name;
  }

  /** Makes what {@link Buckets} needs known. Costs time, so that only tables with buckets do it. */
  synchronized void enableBuckets() throws SQLException {
    if (!hasBuckets) {
      try (Lease lease = borrow(ROOT_CATALOG)) {
        Buckets.register(lease.connection());
      }
      hasBuckets = true;
    }
  }

  /** Drops a catalog with all that is in it. Does nothing once its instance is gone. */
  void dropCatalog(String name, int instance) throws SQLException {
    synchronized (this) {
      if (closed || instance != generation) {
        return;
      }
    }
    try (Lease lease = borrow(ROOT_CATALOG);
        Statement statement = lease.connection().createStatement()) {
      statement.execute("DETACH " + SqlText.identifier(name));
    }
  }

  /** Which instance it is, counted from 0. */
  synchronized int generation() {
    return generation;
  }

  /** Takes a new instance from now on, unless {@code instance} is no longer the one in use. */
  synchronized void replace(int instance) {
    if (closed || instance != generation) {
      return;
    }
    generation++;
    hasBuckets = false;
    idle.forEach(pooled -> closeQuietly(pooled.connection));
    idle.clear();
    if (root != null) {
      closeQuietly(root);
      root = null;
    }
  }

  private static void closeQuietly(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      // The instance is of no use to anybody.
    }
  }

  private Pooled take(String catalog) throws SQLException {
    synchronized (this) {
      if (closed) {
        throw new IllegalStateException("The engine is closed");
      }
      Pooled found = takeIdle(catalog);
      if (found != null) {
        return found;
      }
      if (root == null) {
        root = start();
      }
      return new Pooled(requireNonNull(root).duplicate(), generation);
    }
  }

  private @Nullable Pooled takeIdle(String catalog) {
    for (Iterator<Pooled> i = idle.iterator(); i.hasNext(); ) {
      Pooled candidate = i.next();
      if (catalog.equals(candidate.catalog)) {
        i.remove();
        return candidate;
      }
    }
    return idle.poll();
  }

  private synchronized void giveBack(Pooled pooled) {
    if (!closed && pooled.generation == generation) {
      idle.push(pooled);
    } else {
      closeQuietly(pooled.connection);
    }
  }

  private DuckDBConnection start() throws SQLException {
    makeParent(settings.temporaryFolder());
    Properties properties = new Properties();
    properties.setProperty("memory_limit", settings.memoryBytes() + "B");
    properties.setProperty("threads", Integer.toString(settings.threads()));
    properties.setProperty("temp_directory", settings.temporaryFolder().toString());
    // Nothing may come from the network, nor from what else this machine has installed.
    properties.setProperty("autoinstall_known_extensions", "false");
    properties.setProperty("autoload_known_extensions", "false");
    properties.setProperty("allow_community_extensions", "false");
    properties.setProperty("allow_persistent_secrets", "false");
    // The driver itself rather than DriverManager, which loads every other driver too.
    Connection connection =
        requireNonNull(new DuckDBDriver().connect("jdbc:duckdb:", properties), "no connection");
    try (Statement statement = connection.createStatement()) {
      // Duplicates inherit these. The machine's time zone must not reach any result.
      statement.execute("SET errors_as_json = true; SET TimeZone = 'UTC'; " + setup);
      return connection.unwrap(DuckDBConnection.class);
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  private static void makeParent(Path folder) {
    Path parent = folder.toAbsolutePath().getParent();
    if (parent == null) {
      return;
    }
    try {
      Files.createDirectories(parent);
    } catch (IOException e) {
      throw new HeadraceException(
          "Cannot make folder '%s': %s".formatted(parent, e.getMessage()), "", e);
    }
  }

  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    try {
      for (Pooled pooled : idle) {
        pooled.connection.close();
      }
      if (root != null) {
        root.close();
      }
    } catch (SQLException e) {
      throw new HeadraceException("Cannot stop DuckDB: " + e.getMessage(), "", e);
    }
  }

  /** A connection that one thread has until it closes the lease. */
  record Lease(Database database, Pooled pooled) implements AutoCloseable {
    Connection connection() {
      return pooled.connection;
    }

    @Override
    public void close() {
      database.giveBack(pooled);
    }
  }

  /** A connection, and which catalog it is in. */
  static final class Pooled {
    private final Connection connection;
    private final int generation;
    private String catalog = ROOT_CATALOG;

    Pooled(Connection connection, int generation) {
      this.connection = connection;
      this.generation = generation;
    }

    private void enter(String wanted) throws SQLException {
      if (wanted.equals(catalog)) {
        return;
      }
      String schema = wanted.equals(ROOT_CATALOG) ? "main" : DEFAULT_SCHEMA;
      try (Statement statement = connection.createStatement()) {
        statement.execute(
            "USE %s.%s".formatted(SqlText.identifier(wanted), SqlText.identifier(schema)));
      }
      catalog = wanted;
    }
  }
}

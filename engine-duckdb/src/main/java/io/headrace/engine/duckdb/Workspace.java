package io.headrace.engine.duckdb;

import io.headrace.engine.Cancellation;
import io.headrace.error.HeadraceException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/** A catalog of a session's own, made when it is first needed, and running scripts in it. */
final class Workspace implements AutoCloseable {
  private static final int ATTEMPTS = 3;

  private final Database database;
  private final Bindings bindings = new Bindings();
  private @Nullable String catalog;
  private int instance;
  private boolean closed;

  Workspace(Database database) {
    this.database = database;
  }

  Bindings bindings() {
    return bindings;
  }

  /** What to do with a statement. */
  @FunctionalInterface
  interface Work<S extends Statement, T> {
    T run(S statement) throws SQLException;
  }

  /** Runs {@code work}, which runs {@code script}, with the tables that the script reads. */
  <T> T run(Script script, Cancellation cancel, Work<Statement, T> work) {
    return attempt(script, cancel, connection -> connection.createStatement(), work);
  }

  /** Prepares {@code script} with the tables that it reads. */
  <T> T prepare(Script script, Cancellation cancel, Work<PreparedStatement, T> work) {
    return attempt(script, cancel, connection -> connection.prepareStatement(script.sql()), work);
  }

  /** Makes a statement. */
  @FunctionalInterface
  private interface Opening<S extends Statement> {
    S open(Connection connection) throws SQLException;
  }

  /** Does it again on a new instance if another statement has made the instance useless. */
  private <S extends Statement, T> T attempt(
      Script script, Cancellation cancel, Opening<S> opening, Work<S, T> work) {
    for (int attempt = 1; ; attempt++) {
      cancel.throwIfRequested();
      int instance = database.generation();
      try (Database.Lease lease = enter(script)) {
        try (S statement = opening.open(lease.connection())) {
          return Stop.onRequest(cancel, statement, work);
        }
      } catch (SQLException e) {
        if (Invalidation.isCaused(e) || Invalidation.isSuffered(e)) {
          database.replace(instance);
        }
        if (!Invalidation.isSuffered(e) || attempt == ATTEMPTS) {
          throw SqlErrors.translate(e, script, cancel);
        }
      }
    }
  }

  /** Makes the buckets of values known to queries. */
  void enableBuckets() {
    try {
      database.enableBuckets();
    } catch (SQLException e) {
      throw SqlErrors.translate(e, Script.internal(""), Cancellation.never());
    }
  }

  private Database.Lease enter(Script script) throws SQLException {
    String name = catalog();
    Database.Lease lease = database.borrow(name);
    try {
      makeReadable(lease.connection(), name, script);
      return lease;
    } catch (SQLException | RuntimeException e) {
      lease.close();
      throw e;
    }
  }

  private void makeReadable(Connection connection, String name, Script script) throws SQLException {
    try {
      bindings.makeReadable(connection, name, script.sql());
    } catch (SQLException e) {
      if (Invalidation.isSuffered(e)) {
        throw e;
      }
      throw SqlErrors.translate(e, Script.internal(""), Cancellation.never());
    }
  }

  private synchronized String catalog() throws SQLException {
    if (closed) {
      throw new IllegalStateException("The session is closed");
    }
    int current = database.generation();
    if (instance != current) {
      bindings.forget();
      catalog = null;
      instance = current;
    }
    String name = catalog;
    if (name == null) {
      name = database.createCatalog();
      catalog = name;
    }
    return name;
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      if (catalog != null) {
        database.dropCatalog(catalog, instance);
      }
    } catch (SQLException e) {
      throw new HeadraceException("Cannot close the session: " + SqlErrors.reason(e), "", e);
    }
  }
}

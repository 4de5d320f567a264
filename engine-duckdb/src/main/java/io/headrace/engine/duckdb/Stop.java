package io.headrace.engine.duckdb;

import io.headrace.engine.Cancellation;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Stops a statement once its cancellation is requested.
 *
 * <p>DuckDB ignores {@link Thread#interrupt}, forgets a cancel that comes before the statement runs
 * and, late, would stop whatever the connection does next. So this asks again until the work is
 * over, and never after.
 */
final class Stop {
  private static final long AGAIN_MILLIS = 10;

  private final Statement statement;
  private final Cancellation.Registration registration;
  private boolean over;

  private Stop(Statement statement, Cancellation cancel) {
    this.statement = statement;
    this.registration = cancel.onRequest(this::start);
  }

  /** Does the work, and stops the statement if that is requested meanwhile. */
  static <S extends Statement, T> T onRequest(
      Cancellation cancel, S statement, Workspace.Work<S, T> work) throws SQLException {
    Stop stop = new Stop(statement, cancel);
    try {
      return work.run(statement);
    } finally {
      stop.end();
    }
  }

  private void start() {
    Thread thread = new Thread(this::repeat, "headrace-stop");
    thread.setDaemon(true);
    thread.start();
  }

  private synchronized void repeat() {
    try {
      while (!over) {
        statement.cancel();
        wait(AGAIN_MILLIS);
      }
    } catch (SQLException e) {
      // The statement is over, which is what was asked for.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void end() {
    registration.close();
    synchronized (this) {
      over = true;
      notifyAll();
    }
  }
}

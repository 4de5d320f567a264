package io.headrace.connector.jdbc;

import io.headrace.connector.Staged;
import io.headrace.connector.staging.CsvFiles;
import io.headrace.engine.Cancellation;
import io.headrace.engine.CancelledException;
import io.headrace.engine.Query.DeclaredColumn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/**
 * Reads parts of rows at the same time, each through a connection of its own, in the state that one
 * of them shares. If a part fails, the others are stopped and all of it has failed.
 *
 * @param connect makes another connection
 */
record ParallelRead(
    Dialect dialect,
    Supplier<Connection> connect,
    List<DatabaseColumn> columns,
    List<DeclaredColumn> declared,
    String from,
    Failures failures) {

  /**
   * Reads all rows.
   *
   * @param snapshot as {@link Dialect#shareSnapshot} gives it; its transaction lasts until the end
   * @param conditions of the parts
   */
  Staged read(String snapshot, List<String> conditions, Path folder, Cancellation cancel) {
    ExecutorService threads = Executors.newFixedThreadPool(conditions.size());
    try (Cancellation.Child stop = cancel.child()) {
      List<Future<CsvFiles>> parts = new ArrayList<>();
      for (int i = 0; i < conditions.size(); i++) {
        String condition = conditions.get(i);
        Path own = folder.resolve("part-" + i);
        parts.add(
            threads.submit(
                () -> {
                  try {
                    return readPart(snapshot, condition, own, stop.cancellation());
                  } catch (RuntimeException | Error e) {
                    stop.cancellation().request("another part failed");
                    throw e;
                  }
                }));
      }
      return CsvFiles.finish(finished(parts, cancel), List.of(), declared);
    } catch (IOException e) {
      throw failures.writing(e);
    } finally {
      threads.shutdownNow();
    }
  }

  /** Waits for all, so that nobody writes any more, and throws what failed first. */
  private static List<CsvFiles> finished(List<Future<CsvFiles>> parts, Cancellation cancel) {
    List<CsvFiles> files = new ArrayList<>();
    List<RuntimeException> failed = new ArrayList<>();
    boolean isInterrupted = false;
    for (Future<CsvFiles> part : parts) {
      try {
        files.add(part.get());
      } catch (ExecutionException e) {
        failed.add(
            e.getCause() instanceof RuntimeException known
                ? known
                : new IllegalStateException(e.getCause()));
      } catch (InterruptedException e) {
        isInterrupted = true;
      }
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
    cancel.throwIfRequested();
    if (!failed.isEmpty()) {
      throw failed.stream()
          .filter(e -> !(e instanceof CancelledException))
          .findFirst()
          .orElse(failed.get(0));
    }
    return files;
  }

  /** What was written, and is written to no more. */
  private CsvFiles readPart(String snapshot, String condition, Path folder, Cancellation cancel) {
    cancel.throwIfRequested();
    Connection connection = connect.get();
    try (CsvFiles files = new CsvFiles(Files.createDirectories(folder))) {
      dialect.joinSnapshot(connection, snapshot);
      dialect.read(connection, new Selection(columns, from, condition), files, cancel);
      cancel.throwIfRequested();
      return files;
    } catch (SQLException e) {
      throw failures.of("read from", e, cancel);
    } catch (IOException e) {
      throw failures.writing(e);
    } finally {
      DatabaseSource.close(connection);
    }
  }
}

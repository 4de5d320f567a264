package io.headrace.connector.kafka;

import io.headrace.connector.Staged;
import io.headrace.connector.staging.CsvFiles;
import io.headrace.engine.Query.DeclaredColumn;
import io.headrace.error.HeadraceException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Makes rows of messages in several threads, since taking them apart costs more than fetching them.
 * Which thread takes a message, and so in which file its row is, is left to chance: a table's rows
 * have no order. Used by one thread.
 */
final class RowWorkers implements AutoCloseable {
  /** Few, because each may have as many bytes as a fetch. */
  private static final int MOST_WAITING = 2;

  private static final long LOOK_MILLIS = 50;

  private final BlockingQueue<List<ConsumerRecord<byte @Nullable [], byte @Nullable []>>> waiting =
      new ArrayBlockingQueue<>(MOST_WAITING);
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final List<Thread> threads = new ArrayList<>();
  private final List<CsvFiles> readable = new ArrayList<>();
  private final List<CsvFiles> unreadable = new ArrayList<>();

  /** What messages are written with, into files of those that could be read and of others. */
  interface Writing {
    MessageRows into(CsvFiles readable, CsvFiles unreadable);
  }

  /**
   * Starts the threads.
   *
   * @param folder where the files go
   */
  RowWorkers(Path folder, int workers, Writing writing) {
    for (int i = 0; i < workers; i++) {
      CsvFiles good = new CsvFiles(folder.resolve("read" + i));
      CsvFiles bad = new CsvFiles(folder.resolve("unreadable" + i));
      MessageRows rows = writing.into(good, bad);
      readable.add(good);
      unreadable.add(bad);
      Thread thread = new Thread(() -> work(rows), "headrace-messages-" + i);
      thread.setDaemon(true);
      thread.start();
      threads.add(thread);
    }
  }

  private void work(MessageRows rows) {
    try {
      for (List<ConsumerRecord<byte @Nullable [], byte @Nullable []>> batch = waiting.take();
          !batch.isEmpty();
          batch = waiting.take()) {
        for (ConsumerRecord<byte @Nullable [], byte @Nullable []> message : batch) {
          rows.add(message);
        }
      }
    } catch (InterruptedException e) {
      // It was closed.
    } catch (IOException | RuntimeException | Error e) {
      failure.compareAndSet(null, e);
    }
  }

  /**
   * Hands messages over, and waits while there are enough of them.
   *
   * @throws HeadraceException and others, if a thread has failed
   */
  void add(List<ConsumerRecord<byte @Nullable [], byte @Nullable []>> batch) throws IOException {
    if (!batch.isEmpty()) {
      put(batch);
    }
  }

  private void put(List<ConsumerRecord<byte @Nullable [], byte @Nullable []>> batch)
      throws IOException {
    try {
      do {
        throwFailure();
      } while (!waiting.offer(batch, LOOK_MILLIS, TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  private void throwFailure() throws IOException {
    Throwable e = failure.get();
    if (e instanceof IOException reading) {
      throw reading;
    }
    if (e instanceof Error error) {
      throw error;
    }
    if (e instanceof RuntimeException wrong) {
      throw wrong;
    }
  }

  private static IOException interrupted() {
    Thread.currentThread().interrupt();
    return new IOException("interrupted");
  }

  /** Waits until all rows are written, and says where. */
  Staged finish(List<DeclaredColumn> columns) throws IOException {
    for (int i = 0; i < threads.size(); i++) {
      put(List.of());
    }
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      throw interrupted();
    }
    throwFailure();
    return CsvFiles.finish(readable, unreadable, columns);
  }

  /** Ends the threads, whatever they do, and waits for that. */
  @Override
  public void close() throws IOException {
    threads.forEach(Thread::interrupt);
    boolean isInterrupted = false;
    for (Thread thread : threads) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          isInterrupted = true;
        }
      }
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
    for (CsvFiles files : readable) {
      files.close();
    }
    for (CsvFiles files : unreadable) {
      files.close();
    }
  }
}

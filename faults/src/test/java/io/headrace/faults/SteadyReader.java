package io.headrace.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.catalog.Snapshot;
import io.headrace.workspace.Workspace;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/** Keeps reading {@link TwentyTables}, and finds what no reader may see: a mix of two commits. */
final class SteadyReader implements AutoCloseable {
  private final Workspace workspace;
  private final SplittableRandom random;
  private final ReadWriteLock pause = new ReentrantReadWriteLock(true);
  private final Thread thread = new Thread(this::read, "steady-reader");
  private volatile @Nullable Throwable failure;
  private volatile boolean closed;
  private final AtomicInteger reads = new AtomicInteger();

  SteadyReader(Workspace workspace, SplittableRandom random) {
    this.workspace = workspace;
    this.random = random;
    thread.start();
  }

  private void read() {
    long newest = 0;
    try {
      while (!closed) {
        pause.readLock().lock();
        try {
          long number = number(TwentyTables.some(random));
          assertThat(number).isGreaterThanOrEqualTo(newest);
          newest = number;
          reads.incrementAndGet();
        } finally {
          pause.readLock().unlock();
        }
        Thread.sleep(50);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      failure = e;
    }
  }

  private long number(List<String> tables) {
    Snapshot head = workspace.catalog().environments().head("main");
    List<Object> row = TestProject.query(workspace, head, TwentyTables.numbers(tables)).get(0);
    assertThat(row.get(0)).as("%s at %s", tables, head).isEqualTo(row.get(1));
    return ((Number) row.get(0)).longValue();
  }

  /** The number that all tables have now. */
  long newest() {
    check();
    return number(TwentyTables.all());
  }

  /** Does something while nobody reads: old commits may go. */
  void pauseWhile(Runnable work) {
    check();
    pause.writeLock().lock();
    try {
      work.run();
    } finally {
      pause.writeLock().unlock();
    }
  }

  /** Throws what the reader met, if it met anything. */
  void check() {
    Throwable met = failure;
    if (met != null) {
      throw new AssertionError("The reader failed", met);
    }
  }

  int reads() {
    return reads.get();
  }

  @Override
  public void close() throws InterruptedException {
    closed = true;
    thread.join();
  }
}

package io.headrace.run;

import io.headrace.engine.QueryException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Bounds how much is computed at the same time. A build holds slots while the engine works for it,
 * and not while it waits for the disk or for another process.
 *
 * <p>All work shares the engine's memory, and each slot stands for an equal part of it: work on
 * much data holds several, up to all. What runs out of memory beside other work all the same is
 * done again when it has all slots. So the limit bounds how fast a run is, and not what it can do.
 *
 * <p>Runs that share an engine share them. Safe for many threads.
 */
public final class Slots {
  /** How much larger rows are in memory than in compressed files. */
  private static final long EXPANSION = 3;

  /** Processes that only wait for the disk, beside those that compute. */
  private static final int PROCESSES_THAT_SYNC = 1;

  private final int count;
  private final long bytesEach;
  private final Semaphore free;
  private final Semaphore processes;
  private final AtomicLong begun = new AtomicLong();

  /**
   * @param memoryBytes what all work together may hold in memory
   */
  public Slots(int count, long memoryBytes) {
    this.count = count;
    this.bytesEach = Math.max(1, memoryBytes / count);
    this.free = new Semaphore(count, true);
    this.processes = new Semaphore(count + PROCESSES_THAT_SYNC, true);
  }

  /** How many builds of little data there can be at the same time. */
  int count() {
    return count;
  }

  /**
   * Does the work when enough slots are free; it may be done twice.
   *
   * @param inputBytes the size of the files that it reads
   */
  <T> T hold(long inputBytes, Supplier<T> work) {
    int wanted = (int) Math.max(1, Math.min(count, inputBytes * EXPANSION / bytesEach));
    free.acquireUninterruptibly(wanted);
    long number = begun.incrementAndGet();
    boolean hadCompany = free.availablePermits() < count - wanted;
    try {
      return work.get();
    } catch (QueryException e) {
      hadCompany |= begun.get() != number;
      if (!e.isOutOfMemory() || !hadCompany) {
        throw e;
      }
    } finally {
      free.release(wanted);
    }
    return holdAll(work);
  }

  /** Does work that has a process of its own, when there are not too many of these. */
  <T> T holdProcess(Supplier<T> work) {
    processes.acquireUninterruptibly();
    try {
      return work.get();
    } finally {
      processes.release();
    }
  }

  private <T> T holdAll(Supplier<T> work) {
    free.acquireUninterruptibly(count);
    try {
      begun.incrementAndGet();
      return work.get();
    } finally {
      free.release(count);
    }
  }
}

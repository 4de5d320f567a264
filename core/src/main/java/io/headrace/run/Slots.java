package io.headrace.run;

import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * Bounds how much is computed at the same time. A build holds a slot while the engine works for it,
 * and not while it waits for the disk or for another process.
 */
final class Slots {
  private final Semaphore free;

  Slots(int count) {
    this.free = new Semaphore(count, true);
  }

  /** Does the work when a slot is free. */
  <T> T hold(Supplier<T> work) {
    free.acquireUninterruptibly();
    try {
      return work.get();
    } finally {
      free.release();
    }
  }
}

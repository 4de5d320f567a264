package io.headrace.server.runs;

import io.headrace.engine.Cancellation;
import io.headrace.error.HeadraceException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets those who want to read the same thing at about the same time read it once for all of them.
 * Whoever asks gets what somebody began to read after it asked, as if it had read that itself;
 * nothing is kept for those who ask later. Safe for many threads.
 *
 * @param <T> what is read
 */
final class SharedReads<T> {
  private static final long LOOK_MILLIS = 50;

  private final ReentrantLock reading = new ReentrantLock();
  private final AtomicLong asked = new AtomicLong();

  /** Who has no answer yet. */
  private final AtomicInteger waiting = new AtomicInteger();

  private @Nullable Last<T> last;

  /**
   * What was read last.
   *
   * @param of that it was read of
   * @param covers whose question came before: all up to that one
   * @param answer says what was read, or what is wrong
   */
  private record Last<T>(Object of, long covers, Supplier<T> answer) {}

  /**
   * Reads, or waits for somebody who does. Whoever is stopped shares nothing, and waits for nobody.
   *
   * @param of what is read; only questions of the same object are answered together
   * @throws HeadraceException what the reader threw
   */
  T read(Object of, Supplier<T> reader, Cancellation cancel) {
    long question = asked.incrementAndGet();
    waiting.incrementAndGet();
    if (!lock(cancel)) {
      waiting.decrementAndGet();
      return reader.get();
    }
    try {
      Last<T> known = last;
      if (known == null || known.of() != of || known.covers() < question) {
        known = new Last<>(of, asked.get(), answer(reader));
        last = cancel.isRequested() ? null : known;
      }
      return known.answer().get();
    } finally {
      if (waiting.decrementAndGet() == 0) {
        last = null;
      }
      reading.unlock();
    }
  }

  private static <T> Supplier<T> answer(Supplier<T> reader) {
    try {
      T read = reader.get();
      return () -> read;
    } catch (HeadraceException e) {
      return () -> {
        throw e;
      };
    }
  }

  /** Whether it got the lock before it was stopped. */
  private boolean lock(Cancellation cancel) {
    try {
      while (!reading.tryLock(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
        if (cancel.isRequested()) {
          return false;
        }
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}

package io.headrace.server.runs;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What happened in something that goes on, in order, for any number of people who follow it. Safe
 * for many threads.
 */
public final class History<T> {
  private final List<T> all = new ArrayList<>();
  private boolean isOver;

  /**
   * What happened, without the first {@code known}. Waits for more, but not longer than {@code
   * timeout}, and not if it is over.
   */
  public synchronized List<T> after(int known, Duration timeout) throws InterruptedException {
    long end = System.nanoTime() + timeout.toNanos();
    while (all.size() <= known && !isOver) {
      long left = end - System.nanoTime();
      if (left <= 0) {
        return List.of();
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
    return List.copyOf(all.subList(Math.min(known, all.size()), all.size()));
  }

  /** What happened up to now. */
  public synchronized List<T> sofar() {
    return List.copyOf(all);
  }

  /** Adds what happened last. */
  public synchronized void add(T last) {
    all.add(last);
    notifyAll();
  }

  public synchronized int size() {
    return all.size();
  }

  /** Nothing more will happen. */
  public synchronized void over() {
    isOver = true;
    notifyAll();
  }

  public synchronized boolean isOver() {
    return isOver;
  }
}

package io.headrace.engine;

import java.util.ArrayList;
import java.util.List;

/**
 * Tells work that it should stop, from any thread: a user pressed Ctrl-C, a task ran out of time.
 * Once requested, it stays so.
 */
public final class Cancellation {
  private final List<Runnable> listeners = new ArrayList<>();
  private String reason = "";

  /** One that nobody will request. */
  public static Cancellation never() {
    return new Cancellation();
  }

  /** One that is also requested when {@code this} is. Close the scope when the work is over. */
  public Child child() {
    Cancellation child = new Cancellation();
    return new Child(child, onRequest(() -> child.request(reason())));
  }

  /** Requests it; the first reason stays. Runs the listeners in this thread. */
  public void request(String why) {
    List<Runnable> toRun;
    synchronized (this) {
      if (!reason.isEmpty()) {
        return;
      }
      reason = why.isEmpty() ? "cancelled" : why;
      toRun = List.copyOf(listeners);
      listeners.clear();
    }
    toRun.forEach(Runnable::run);
  }

  public synchronized boolean isRequested() {
    return !reason.isEmpty();
  }

  /** Why it was requested, or empty if it was not. */
  public synchronized String reason() {
    return reason;
  }

  /** Throws {@link CancelledException} if requested. */
  public void throwIfRequested() {
    if (isRequested()) {
      throw new CancelledException(reason());
    }
  }

  /**
   * Has {@code listener} run once when this is requested, at once if it was already. The listener
   * may still be running when the registration closes.
   */
  public Registration onRequest(Runnable listener) {
    boolean runNow;
    synchronized (this) {
      runNow = !reason.isEmpty();
      if (!runNow) {
        listeners.add(listener);
      }
    }
    if (runNow) {
      listener.run();
    }
    return () -> remove(listener);
  }

  private synchronized void remove(Runnable listener) {
    listeners.remove(listener);
  }

  /** Takes a listener off again. */
  @FunctionalInterface
  public interface Registration extends AutoCloseable {
    @Override
    void close();
  }

  /** A cancellation that follows its parent until closed. */
  public record Child(Cancellation cancellation, Registration registration)
      implements AutoCloseable {
    @Override
    public void close() {
      registration.close();
    }
  }
}

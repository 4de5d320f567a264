package io.headrace.run;

import static java.util.Objects.requireNonNull;

import io.headrace.engine.Cancellation;
import io.headrace.engine.CancelledException;
import io.headrace.error.HeadraceException;
import io.headrace.error.PlacedException;
import io.headrace.graph.Failures;
import io.headrace.run.PartBuilds.Done;
import io.headrace.run.PartBuilds.Wanted;
import io.headrace.table.DataFile;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Parts that several threads take from, one after the other. A part that fails does not keep the
 * others from being made, until so many fail that all would.
 */
final class PartQueue {
  private static final int MOST_FAILURES = 10;

  private final List<Wanted> parts;
  private final int kept;
  private final Consumer<RunEvent> events;
  private final Cancellation cancel;

  // All of this is guarded by this.
  private final List<DataFile> files = new ArrayList<>();
  private final SortedMap<Integer, HeadraceException> failures = new TreeMap<>();
  private @Nullable Throwable defect;
  private int next;
  private int working;
  private int made;
  private int reused;
  private long rows;

  /**
   * A queue of all parts.
   *
   * @param kept how many other parts the table has
   */
  PartQueue(List<Wanted> parts, int kept, Consumer<RunEvent> events, Cancellation cancel) {
    this.parts = parts;
    this.kept = kept;
    this.events = events;
    this.cancel = cancel;
  }

  /**
   * What came of one part.
   *
   * @param isReused whether it was there
   */
  record Result(List<DataFile> files, boolean isReused) {}

  /** Makes one part. */
  @FunctionalInterface
  interface Making {
    Result make(Wanted part);
  }

  /** Takes parts until none is left. */
  void work(Making making) {
    for (int i = take(); i >= 0; i = take()) {
      try {
        succeeded(making.make(parts.get(i)));
      } catch (CancelledException e) {
        // The caller of finish() is told.
      } catch (HeadraceException e) {
        failed(i, e);
      } catch (RuntimeException | Error e) {
        broken(e);
      } finally {
        release();
      }
    }
  }

  /**
   * Works until all parts are made, waiting at the end for those that other threads make.
   *
   * @throws HeadraceException of the first part that failed
   */
  Done finish(Making making) {
    work(making);
    awaitOthers();
    cancel.throwIfRequested();
    synchronized (this) {
      if (defect instanceof Error error) {
        throw error;
      }
      if (defect instanceof RuntimeException exception) {
        throw exception;
      }
      if (!failures.isEmpty()) {
        int first = failures.firstKey();
        throw failure(parts.get(first), requireNonNull(failures.get(first)));
      }
      return new Done(List.copyOf(files), reused);
    }
  }

  private synchronized int take() {
    boolean stops =
        next == parts.size()
            || failures.size() >= MOST_FAILURES
            || defect != null
            || cancel.isRequested();
    if (stops) {
      return -1;
    }
    working++;
    return next++;
  }

  private void succeeded(Result result) {
    RunEvent.PartFinished event;
    synchronized (this) {
      files.addAll(result.files());
      rows += result.files().stream().mapToLong(DataFile::rowCount).sum();
      made++;
      reused += result.isReused() ? 1 : 0;
      event =
          new RunEvent.PartFinished(
              parts.get(0).node().name(), kept + made, kept + reused, kept + parts.size(), rows);
    }
    events.accept(event);
  }

  private synchronized void failed(int part, HeadraceException e) {
    failures.put(part, e);
  }

  private synchronized void broken(Throwable e) {
    defect = e;
  }

  private synchronized void release() {
    working--;
    notifyAll();
  }

  private synchronized void awaitOthers() {
    while (working > 0) {
      try {
        wait();
      } catch (InterruptedException e) {
        cancel.request("interrupted");
      }
    }
  }

  private HeadraceException failure(Wanted part, HeadraceException e) {
    int others = failures.size() - 1;
    String more = others == 0 ? "" : " (and %d more failed)".formatted(others);
    return new PlacedException(
        Failures.place(part.node(), e), part.name() + ": " + e.getMessage() + more, e.hint(), e);
  }
}

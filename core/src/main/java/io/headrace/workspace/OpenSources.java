package io.headrace.workspace;

import io.headrace.connector.Position;
import io.headrace.connector.RowsGoneException;
import io.headrace.connector.Source;
import io.headrace.engine.Cancellation;
import io.headrace.engine.CancelledException;
import io.headrace.error.HeadraceException;
import io.headrace.project.Task;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Asks sources again and again, and keeps those open that allow it: to connect takes more than to
 * ask. Safe for many threads.
 */
public final class OpenSources implements AutoCloseable {
  /** Then it is opened again: what the system says when it is opened may have changed. */
  private static final Duration LONGEST = Duration.ofMinutes(1);

  private final Function<Task.External, Source> opener;
  private final InstantSource clock;
  private final Map<Task.External, Kept> all = new ConcurrentHashMap<>();

  /**
   * @param opener opens what a task reads
   */
  public OpenSources(Function<Task.External, Source> opener, InstantSource clock) {
    this.opener = opener;
    this.clock = clock;
  }

  /** One source; used by one thread at a time. */
  private static final class Kept {
    private @Nullable Source source;
    private Instant opened = Instant.MIN;

    private void close() {
      Source open = source;
      source = null;
      if (open != null) {
        open.close();
      }
    }
  }

  /** As {@link Source#positions(List, boolean, Cancellation)}. */
  public List<Position> positions(
      Task.External external, List<Position> known, boolean afresh, Cancellation cancel) {
    return ask(external, source -> source.positions(known, afresh, cancel));
  }

  /** As {@link Source#behind}. */
  public OptionalLong behind(Task.External external, List<Position> read, Cancellation cancel) {
    return ask(external, source -> source.behind(read, cancel));
  }

  private <T> T ask(Task.External external, Function<Source, T> question) {
    Kept kept = all.computeIfAbsent(external, e -> new Kept());
    synchronized (kept) {
      if (clock.instant().isAfter(kept.opened.plus(LONGEST))) {
        kept.close();
      }
      boolean wasOpen = kept.source != null;
      try {
        return asked(external, kept, question);
      } catch (CancelledException | RowsGoneException e) {
        throw e;
      } catch (HeadraceException e) {
        if (!wasOpen) {
          throw e;
        }
        // The other side may have closed it meanwhile, as one does that was started again.
        return asked(external, kept, question);
      }
    }
  }

  private <T> T asked(Task.External external, Kept kept, Function<Source, T> question) {
    Source source = kept.source;
    if (source == null) {
      source = opener.apply(external);
      kept.source = source;
      kept.opened = clock.instant();
    }
    boolean isGood = false;
    try {
      T answer = question.apply(source);
      isGood = true;
      return answer;
    } finally {
      if (!isGood || !source.mayStayOpen()) {
        kept.close();
      }
    }
  }

  /** Closes what is open. It can be asked again. */
  @Override
  public void close() {
    all.values()
        .forEach(
            kept -> {
              synchronized (kept) {
                kept.close();
              }
            });
    all.clear();
  }
}

package io.headrace.server.runs;

import io.headrace.engine.Cancellation;
import io.headrace.run.RunEvent;
import io.headrace.run.RunResult;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes runs that somebody else carries out known to a served project, one after the other. A run
 * is known from its first event on, since one that has nothing to do may have none. For one thread.
 */
public final class WatchedRun implements Consumer<RunEvent> {
  private final ServedProject served;
  private final Order order;
  private final Cancellation cancel;
  private @Nullable OngoingRun run;

  WatchedRun(ServedProject served, Order order, Cancellation cancel) {
    this.served = served;
    this.order = order;
    this.cancel = cancel;
  }

  @Override
  public void accept(RunEvent event) {
    if (event instanceof RunEvent.Started started && run == null) {
      run = served.register(order, started.run(), cancel);
    }
    if (run != null) {
      served.happened(run, event);
    }
  }

  /** It came to its end. */
  public void ended(RunResult result) {
    ended(result, (unused, run) -> {});
  }

  /**
   * It came to its end.
   *
   * @param last what belongs to it still
   */
  void ended(RunResult result, BiConsumer<RunResult, OngoingRun> last) {
    over(
        run -> {
          run.end(result);
          last.accept(result, run);
        });
  }

  /** It did not come to its end. */
  public void failed(RuntimeException why) {
    over(run -> run.fail(why));
  }

  private void over(Consumer<OngoingRun> how) {
    if (run != null) {
      how.accept(run);
      served.isOver(run);
      run = null;
    }
  }
}

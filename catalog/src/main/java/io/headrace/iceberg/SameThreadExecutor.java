package io.headrace.iceberg;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Runs each task at once, in the thread that hands it over.
 *
 * <p>Iceberg's own pools are waited for by polling every 10 milliseconds, which costs a small
 * commit twenty times what it does.
 */
final class SameThreadExecutor extends AbstractExecutorService {
  static final SameThreadExecutor INSTANCE = new SameThreadExecutor();

  private SameThreadExecutor() {}

  @Override
  public void execute(Runnable task) {
    task.run();
  }

  @Override
  public void shutdown() {}

  @Override
  public List<Runnable> shutdownNow() {
    return List.of();
  }

  @Override
  public boolean isShutdown() {
    return false;
  }

  @Override
  public boolean isTerminated() {
    return false;
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) {
    return true;
  }
}

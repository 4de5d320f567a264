package io.headrace.engine.process;

import io.headrace.engine.Engine;
import io.headrace.engine.EngineProvider;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Starts the engine of another provider in processes of their own. The memory of its settings is
 * that of a whole process: one that needs more is ended.
 *
 * <p>To start a process takes longer than a small task, so that a closed engine is kept for a while
 * and given to the next who asks for its like. Safe for many threads; closing this ends the
 * processes that nobody uses.
 */
public final class ProcessEngines implements EngineProvider {
  private static final Duration KEPT = Duration.ofSeconds(30);

  private final EngineProvider provider;
  private final Deque<EngineProcess> idle = new ArrayDeque<>();
  private boolean isClosed;

  /**
   * @param provider that every process finds by itself
   */
  public ProcessEngines(EngineProvider provider) {
    this.provider = provider;
  }

  @Override
  public String name() {
    return provider.name();
  }

  @Override
  public String analysisVersion() {
    return provider.analysisVersion();
  }

  @Override
  public Engine start(Settings settings) {
    EngineProcess process = takeIdle(settings).orElseGet(() -> EngineProcess.start(settings));
    return new RemoteEngine(process, this::giveBack);
  }

  private synchronized Optional<EngineProcess> takeIdle(Settings settings) {
    Optional<EngineProcess> found =
        idle.stream()
            .filter(each -> each.isAlive() && each.settings().equals(settings))
            .findFirst();
    found.ifPresent(idle::remove);
    return found;
  }

  private void giveBack(EngineProcess process) {
    // What the work before left in memory would be missing for the next.
    boolean isGood =
        process.isAlive() && process.residentBytes() < process.settings().memoryBytes() / 4 * 3;
    if (!isGood || !keep(process)) {
      process.close();
      return;
    }
    CompletableFuture.delayedExecutor(KEPT.toMillis(), TimeUnit.MILLISECONDS)
        .execute(() -> closeIfIdle(process));
  }

  private synchronized boolean keep(EngineProcess process) {
    if (!isClosed) {
      idle.addFirst(process);
    }
    return !isClosed;
  }

  private void closeIfIdle(EngineProcess process) {
    boolean isIdle;
    synchronized (this) {
      isIdle = idle.remove(process);
    }
    if (isIdle) {
      process.close();
    }
  }

  @Override
  public void close() {
    Deque<EngineProcess> left;
    synchronized (this) {
      isClosed = true;
      left = new ArrayDeque<>(idle);
      idle.clear();
    }
    left.forEach(EngineProcess::close);
  }
}

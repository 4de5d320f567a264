package io.headrace.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.function.Consumer;

/** Those who hear of a run outside of this program. What goes wrong with them is not its matter. */
final class RunObservers implements Consumer<RunEvent>, AutoCloseable {
  /** To look through the class path takes longer than all else that a small run does. */
  private static final class Found {
    static final List<RunObserverProvider> PROVIDERS =
        ServiceLoader.load(RunObserverProvider.class).stream()
            .map(ServiceLoader.Provider::get)
            .toList();
  }

  private final List<RunObserver> observers = new ArrayList<>();

  private RunObservers() {}

  static RunObservers of(ObservedRun run, Map<String, String> environment) {
    RunObservers all = new RunObservers();
    if (environment.keySet().stream().noneMatch(RunObservers::isAsking)) {
      return all;
    }
    for (RunObserverProvider provider : Found.PROVIDERS) {
      harmless(() -> provider.observe(run, environment).ifPresent(all.observers::add));
    }
    return all;
  }

  private static boolean isAsking(String variable) {
    return RunObserverProvider.ASKED_BY.stream().anyMatch(variable::startsWith);
  }

  @Override
  public void accept(RunEvent event) {
    observers.forEach(observer -> harmless(() -> observer.accept(event)));
  }

  @Override
  public void close() {
    observers.forEach(observer -> harmless(observer::close));
  }

  /** A table is not worth less because somebody could not be told of it. */
  private static void harmless(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      // An observer says itself what it could not send.
    }
  }
}

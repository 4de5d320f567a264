package io.headrace.run;

import java.util.Map;
import java.util.Optional;

/** Makes observers. Found through {@link java.util.ServiceLoader}. */
public interface RunObserverProvider {

  /**
   * An observer of one run, if the user wants one.
   *
   * @param environment the variables of the process, which say so
   */
  Optional<RunObserver> observe(ObservedRun run, Map<String, String> environment);
}

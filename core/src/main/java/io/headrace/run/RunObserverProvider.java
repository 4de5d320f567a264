package io.headrace.run;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes observers. Found through {@link java.util.ServiceLoader}, and looked for only in a process
 * with a variable that asks for them.
 */
public interface RunObserverProvider {

  /** How the names of variables begin that ask for observers. */
  List<String> ASKED_BY = List.of("OTEL_", "OPENLINEAGE_");

  /**
   * An observer of one run, if the user wants one.
   *
   * @param environment the variables of the process, which say so
   */
  Optional<RunObserver> observe(ObservedRun run, Map<String, String> environment);
}

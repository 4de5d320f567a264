package io.headrace.telemetry;

import io.headrace.run.ObservedRun;
import io.headrace.run.RunObserver;
import io.headrace.run.RunObserverProvider;
import java.util.Map;
import java.util.Optional;

/** Sends lineage of each run, if an OpenLineage server is named. */
public final class LineageProvider implements RunObserverProvider {
  static final String URL = "OPENLINEAGE_URL";

  @Override
  public Optional<RunObserver> observe(ObservedRun run, Map<String, String> environment) {
    boolean isWanted =
        !environment.getOrDefault(URL, "").isBlank()
            && !environment.getOrDefault("OPENLINEAGE_DISABLED", "").equalsIgnoreCase("true");
    try {
      return isWanted ? Optional.of(new RunLineage(run, environment)) : Optional.empty();
    } catch (RuntimeException e) {
      Warning.tell("Runs are not sent to OpenLineage: %s", String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }
}

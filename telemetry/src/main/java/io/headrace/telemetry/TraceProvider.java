package io.headrace.telemetry;

import io.headrace.run.ObservedRun;
import io.headrace.run.RunObserver;
import io.headrace.run.RunObserverProvider;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes a trace of each run, if an OpenTelemetry endpoint or exporter is named. */
public final class TraceProvider implements RunObserverProvider {
  private static final List<String> WANTED =
      List.of(
          "OTEL_EXPORTER_OTLP_ENDPOINT",
          "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
          "OTEL_TRACES_EXPORTER");

  @Override
  public Optional<RunObserver> observe(ObservedRun run, Map<String, String> environment) {
    boolean isWanted =
        WANTED.stream().anyMatch(name -> !environment.getOrDefault(name, "").isBlank())
            && !environment.getOrDefault("OTEL_SDK_DISABLED", "").equalsIgnoreCase("true");
    try {
      return isWanted ? Optional.of(RunTrace.start(run, environment)) : Optional.empty();
    } catch (RuntimeException e) {
      Warning.tell("Runs are not sent to OpenTelemetry: %s", String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }
}

package io.headrace.server;

import io.headrace.engine.Pause;
import io.headrace.error.HeadraceException;
import io.headrace.project.AlertChannel.Kind;
import io.headrace.server.alert.Alert;
import io.headrace.server.alert.AlertListener;
import io.headrace.server.alert.Alerts;
import io.headrace.server.runs.ServedProject;
import io.headrace.server.schedule.Journal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Alerts of served projects that are looked at often, and what could not be sent of them. */
final class TestAlerts implements AutoCloseable {
  private final List<String> failures = Collections.synchronizedList(new ArrayList<>());
  private final Map<String, Boolean> states = new ConcurrentHashMap<>();
  private final List<Alerts> open = new ArrayList<>();

  /** Begins to tell people of a project. */
  Journal of(ServedProject project) {
    Alerts alerts =
        Alerts.start(
            project,
            Duration.ofMillis(100),
            (time, cancel) -> Pause.REAL.waitFor(Duration.ofMillis(10), cancel),
            new Listener());
    open.add(alerts);
    return alerts;
  }

  private final class Listener implements AlertListener {
    @Override
    public void sent(Alert alert, String channel, Optional<HeadraceException> failure) {
      failure.map(HeadraceException::getMessage).ifPresent(failures::add);
    }

    @Override
    public void stands(String project, Kind kind, String subject, boolean isSo) {
      states.put(kind + " " + subject, isSo);
    }
  }

  /** What stands how, by its kind and subject. */
  Map<String, Boolean> states() {
    return Map.copyOf(states);
  }

  /** Why some could not be sent. */
  List<String> failures() {
    return List.copyOf(failures);
  }

  /** Ends those that there are; others may begin. */
  @Override
  public void close() {
    open.forEach(Alerts::close);
    open.clear();
  }
}

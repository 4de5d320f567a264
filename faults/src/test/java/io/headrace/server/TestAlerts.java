package io.headrace.server;

import io.headrace.engine.Pause;
import io.headrace.error.HeadraceException;
import io.headrace.server.alert.Alerts;
import io.headrace.server.runs.ServedProject;
import io.headrace.server.schedule.Journal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Alerts of served projects that are looked at often, and what could not be sent of them. */
final class TestAlerts implements AutoCloseable {
  private final List<String> failures = Collections.synchronizedList(new ArrayList<>());
  private final List<Alerts> open = new ArrayList<>();

  /** Begins to tell people of a project. */
  Journal of(ServedProject project) {
    Alerts alerts =
        Alerts.start(
            project,
            Duration.ofMillis(100),
            (time, cancel) -> Pause.REAL.waitFor(Duration.ofMillis(10), cancel),
            (alert, channel, failure) ->
                failure.map(HeadraceException::getMessage).ifPresent(failures::add));
    open.add(alerts);
    return alerts;
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

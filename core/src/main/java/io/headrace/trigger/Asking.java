package io.headrace.trigger;

import io.headrace.catalog.Requests.Asked;
import io.headrace.catalog.Requests.Request;
import io.headrace.error.NearestWord;
import io.headrace.error.UsageException;
import io.headrace.project.Parameter;
import io.headrace.schedule.Schedule;
import io.headrace.schedule.Trigger;
import io.headrace.workspace.Workspace;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** Asks schedules of a project for runs. Safe for many threads. */
public final class Asking {
  /** Requests of one schedule that wait. */
  private static final int MOST_WAITING = 1_000;

  private static final int LONGEST_KEY = 200;

  private final Workspace workspace;

  public Asking(Workspace workspace) {
    this.workspace = workspace;
  }

  /**
   * Asks for a run with values for some parameters. It is durable when this returns, and is run
   * once, together with other requests that wait and have the same values.
   *
   * @param key by which to tell the same request from another one, if it is sent twice
   * @param by who asks
   * @throws UsageException if the project does not have such parameters, the schedule cannot be
   *     asked, or too many wait already
   */
  public Request ask(
      Schedule schedule, Optional<String> key, SortedMap<String, String> values, String by) {
    String doing = "Cannot trigger '%s': ".formatted(schedule.name());
    if (schedule.trigger() instanceof Trigger.Follow) {
      throw new UsageException(
          doing + "it runs whatever arrives, as soon as it does", "Ask another schedule");
    }
    if (key.filter(text -> text.isBlank() || text.length() > LONGEST_KEY).isPresent()) {
      throw new UsageException(
          doing + "its key is empty or too long", "Give one of up to %d".formatted(LONGEST_KEY));
    }
    requireAllowed(doing, values);
    List<Request> waiting = workspace.catalog().requests().waiting(schedule.name());
    boolean isAnother =
        key.isEmpty() || waiting.stream().noneMatch(other -> other.asked().key().equals(key));
    if (waiting.size() >= MOST_WAITING && isAnother) {
      throw new UsageException(
          doing + "%,d requests wait for it".formatted(MOST_WAITING),
          "Does `headrace serve` keep it, or is it paused?");
    }
    return workspace
        .catalog()
        .requests()
        .ask(new Asked(schedule.name(), key, values, by, workspace.clock().instant()));
  }

  private void requireAllowed(String doing, SortedMap<String, String> values) {
    SortedMap<String, Parameter> parameters = workspace.readSettings().parameters();
    values.forEach(
        (name, value) -> {
          Parameter declared = parameters.get(name);
          if (declared == null) {
            throw new UsageException(
                doing + "unknown parameter '%s'".formatted(name),
                NearestWord.hint(
                    name, parameters.keySet(), "The project declares those that it takes"));
          }
          Parameter unused = declared.with(name, value);
        });
  }
}

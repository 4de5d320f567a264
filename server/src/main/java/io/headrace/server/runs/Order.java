package io.headrace.server.runs;

import io.headrace.catalog.Environment;
import io.headrace.catalog.Fence;
import io.headrace.run.RunRequest;
import io.headrace.run.RunRequest.PublishMode;
import io.headrace.schedule.Schedule;
import io.headrace.table.TableName;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What somebody wants to be run. The words are those of the command line, since nobody knows the
 * tables before the run reads the project.
 *
 * @param select tables to bring up to date; empty for all
 * @param refresh tables to build even if nothing changed; {@code *} for all that are selected
 * @param forward incremental tables that keep their rows; {@code *} for all that are selected
 * @param parameters values that replace defaults
 * @param author of what is published
 * @param message of the commit; if empty, the run says what it built
 * @param cause what asks for it, or empty if a person does
 * @param fence without which nothing is published, if there is one
 */
public record Order(
    String environment,
    List<String> select,
    List<String> refresh,
    List<String> forward,
    SortedMap<String, String> parameters,
    PublishMode publish,
    String author,
    String message,
    String cause,
    Optional<Fence> fence) {
  public Order {
    select = List.copyOf(select);
    refresh = List.copyOf(refresh);
    forward = List.copyOf(forward);
    parameters = Collections.unmodifiableSortedMap(new TreeMap<>(parameters));
  }

  /**
   * The schedule that this is a followed batch of, if it is one. Its cause is the schedule itself,
   * and not one of its ticks.
   */
  public Optional<String> followed() {
    return fence
        .map(Fence::key)
        .filter(cause::equals)
        .map(key -> key.substring(key.indexOf(' ') + 1));
  }

  /** All tables of the environment {@code main}, asked for by a person. */
  public static Order of(String author) {
    return new Order(
        Environment.MAIN,
        List.of(),
        List.of(),
        List.of(),
        new TreeMap<>(),
        PublishMode.ALL,
        author,
        "",
        "",
        Optional.empty());
  }

  /**
   * What a schedule runs.
   *
   * @param values of its parameters
   */
  public static Order of(Schedule schedule, Map<String, String> values, String author) {
    return new Order(
        schedule.environment(),
        schedule.select(),
        List.of(),
        List.of(),
        new TreeMap<>(values),
        PublishMode.ALL,
        author,
        "",
        "",
        Optional.empty());
  }

  /** What a command asks for. */
  static Order of(RunRequest request) {
    return new Order(
        request.environment(),
        names(request.selected()),
        names(request.refresh()),
        names(request.forward()),
        new TreeMap<>(),
        request.publish(),
        request.author(),
        request.message(),
        request.origin().cause(),
        request.origin().fence());
  }

  private static List<String> names(Set<TableName> tables) {
    return tables.stream().sorted().map(TableName::toString).toList();
  }

  /** The same, as what a machine asks for on its own. */
  public Order because(String why, Fence held) {
    return new Order(
        environment,
        select,
        refresh,
        forward,
        parameters,
        publish,
        author,
        message,
        why,
        Optional.of(held));
  }
}

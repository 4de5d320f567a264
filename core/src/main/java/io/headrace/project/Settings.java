package io.headrace.project;

import io.headrace.connector.Connection;
import io.headrace.schedule.Schedule;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What {@code headrace.yaml} says.
 *
 * @param name of the project; the folder's unless said
 * @param parameters default of each parameter by name
 * @param defaults what tasks may take that do not say it
 * @param connections to outside systems, by name
 * @param keep how long history stays reachable
 * @param schedules when {@code headrace serve} runs what, by name
 * @param pools how many runs of schedules each pool has places for, by its name
 * @param alerts where people are told of what does not work, by name
 * @param freshness how old tables may be; the first that a table matches counts
 */
public record Settings(
    String name,
    String description,
    SortedMap<String, Parameter> parameters,
    Limits defaults,
    SortedMap<String, Connection> connections,
    Duration keep,
    SortedMap<String, Schedule> schedules,
    SortedMap<String, Integer> pools,
    SortedMap<String, AlertChannel> alerts,
    List<Freshness> freshness) {
  public static final Duration DEFAULT_KEEP = Duration.ofDays(30);

  public Settings {
    parameters = Collections.unmodifiableSortedMap(new TreeMap<>(parameters));
    connections = Collections.unmodifiableSortedMap(new TreeMap<>(connections));
    schedules = Collections.unmodifiableSortedMap(new TreeMap<>(schedules));
    pools = Collections.unmodifiableSortedMap(new TreeMap<>(pools));
    alerts = Collections.unmodifiableSortedMap(new TreeMap<>(alerts));
    freshness = List.copyOf(freshness);
  }
}

package io.headrace.server.route;

import static java.util.Objects.requireNonNull;

import io.headrace.catalog.Environment;

/**
 * Where a request says which environment it is about.
 *
 * @param key of a parameter; the environment itself if it is named
 */
public record Where(Place place, String key) {
  public Where {
    requireNonNull(place, "place is null");
    requireNonNull(key, "key is null");
  }

  /** A place in a request. What is left out, but in the path, is {@link Environment#MAIN}. */
  public enum Place {
    /** A variable part of the path; a commit may follow after {@code @}. */
    PATH,
    QUERY,
    /** A key of the JSON object that is sent. */
    BODY,
    /** The environment of the run that the path names. */
    RUN,
    /** The environment of the schedule that the path names. */
    SCHEDULE,
    /** None: it is known already, and is the key. */
    NAMED
  }

  public static Where path(String key) {
    return new Where(Place.PATH, key);
  }

  public static Where query(String key) {
    return new Where(Place.QUERY, key);
  }

  public static Where body(String key) {
    return new Where(Place.BODY, key);
  }

  public static Where named(String environment) {
    return new Where(Place.NAMED, environment);
  }

  public static Where run() {
    return new Where(Place.RUN, "run");
  }

  public static Where schedule() {
    return new Where(Place.SCHEDULE, "schedule");
  }

  @Override
  public String toString() {
    return switch (place) {
      case PATH -> "{" + key + "}";
      case QUERY -> "?" + key;
      case BODY -> "`" + key + "`";
      case NAMED -> key;
      case RUN, SCHEDULE -> "that of the " + key;
    };
  }
}

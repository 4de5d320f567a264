package io.headrace.query;

import io.headrace.catalog.Commit;
import io.headrace.catalog.Environment;
import io.headrace.catalog.Environments;
import io.headrace.catalog.Snapshot;
import io.headrace.error.HeadraceException;
import io.headrace.error.NearestWord;
import io.headrace.error.UsageException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Finds the commit that a user means: an environment, a commit number, a time. */
public final class Snapshots {
  private final Environments environments;
  private final ZoneId zone;

  /**
   * Finds in some environments.
   *
   * @param zone of times that name none
   */
  public Snapshots(Environments environments, ZoneId zone) {
    this.environments = environments;
    this.zone = zone;
  }

  /**
   * The newest commit of an environment.
   *
   * @throws UsageException if there is no such environment
   */
  public Snapshot head(String environment) {
    require(environment);
    return environments.head(environment);
  }

  /**
   * The environment of that name.
   *
   * @throws UsageException if there is none
   */
  public Environment require(String environment) {
    return environments
        .find(environment)
        .orElseThrow(
            () -> {
              List<String> names = environments.list().stream().map(Environment::name).toList();
              return new UsageException(
                  "Unknown environment '%s'".formatted(environment),
                  NearestWord.hint(
                      environment,
                      names,
                      "Run `headrace env create %s` to make it".formatted(environment)));
            });
  }

  /**
   * An environment as it was.
   *
   * @param at a commit number, or a time such as {@code 2026-01-31}, {@code 2026-01-31 12:00} or
   *     with an offset
   */
  public Snapshot at(String environment, String at) {
    require(environment);
    Optional<Long> number = commitNumber(at);
    if (number.isPresent()) {
      Commit commit = commit(number.get());
      if (!commit.environment().equals(environment)) {
        throw new UsageException(
            "Commit %d belongs to environment '%s', not '%s'"
                .formatted(commit.id(), commit.environment(), environment),
            "See the commits with `headrace log --env %s`".formatted(environment));
      }
      return environments.at(commit.id());
    }
    Instant time = time(at);
    Commit commit =
        environments
            .commitAt(environment, time)
            .orElseThrow(
                () ->
                    new HeadraceException(
                        "Environment '%s' has no commit at or before %s".formatted(environment, at),
                        "See the commits with `headrace log --env %s`".formatted(environment)));
    return environments.at(commit.id());
  }

  /** What {@code text} names: an environment, or a commit by its number. */
  public Optional<Snapshot> find(String text) {
    if (environments.find(text).isPresent()) {
      return Optional.of(environments.head(text));
    }
    return commitNumber(text)
        .filter(id -> environments.findCommit(id).isPresent())
        .map(environments::at);
  }

  private Commit commit(long id) {
    return environments
        .findCommit(id)
        .orElseThrow(
            () ->
                new UsageException(
                    "Unknown commit %d".formatted(id), "See the commits with `headrace log`"));
  }

  private static Optional<Long> commitNumber(String text) {
    return text.matches("\\d{1,15}") ? Optional.of(Long.valueOf(text)) : Optional.empty();
  }

  private Instant time(String text) {
    String iso = text.trim().replaceFirst(" ", "T");
    List<Function<String, Instant>> forms =
        List.of(
            t -> OffsetDateTime.parse(t).toInstant(),
            t -> LocalDateTime.parse(t).atZone(zone).toInstant(),
            t -> LocalDate.parse(t).plusDays(1).atStartOfDay(zone).toInstant().minusNanos(1));
    for (Function<String, Instant> form : forms) {
      try {
        return form.apply(iso);
      } catch (DateTimeParseException e) {
        // the next form
      }
    }
    throw new UsageException(
        "Cannot read '%s' as a commit or a time".formatted(text),
        "Write a commit number, '2026-01-31' (its end) or '2026-01-31T12:00:00'");
  }
}

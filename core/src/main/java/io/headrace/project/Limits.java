package io.headrace.project;

import io.headrace.yaml.ByteSizes;
import io.headrace.yaml.YamlMap;
import io.headrace.yaml.YamlValue;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a task may take. Nothing of it is part of a fingerprint.
 *
 * @param timeout of one attempt
 * @param retries how often a failed build is tried again
 * @param isolation whether it has a process of its own
 */
public record Limits(
    Optional<Duration> timeout, Optional<Integer> retries, Optional<Isolation> isolation) {
  public static final Limits NONE =
      new Limits(Optional.empty(), Optional.empty(), Optional.empty());

  static final List<String> KEYS = List.of("timeout", "retries", "isolate");

  /** These, and for what they do not say, others. */
  public Limits or(Limits others) {
    return new Limits(
        timeout.or(others::timeout), retries.or(others::retries), isolation.or(others::isolation));
  }

  static Limits read(YamlMap map) {
    return new Limits(
        map.duration("timeout"),
        map.integer("retries", 0, 100).map(Long::intValue),
        map.find("isolate").flatMap(Limits::isolation));
  }

  private static Optional<Isolation> isolation(YamlValue value) {
    if (value.plain() instanceof Boolean isApart) {
      return Optional.of(new Isolation(isApart, OptionalLong.empty()));
    }
    OptionalLong bytes = value.text().map(ByteSizes::parse).orElse(OptionalLong.empty());
    if (bytes.isEmpty() || bytes.getAsLong() < Isolation.LEAST_BYTES) {
      value.problem(
          "Expected true, false or the memory of a process in `isolate`, 256MB or more",
          "Write it like `isolate: true` or `isolate: 2GB`");
      return Optional.empty();
    }
    return Optional.of(new Isolation(true, bytes));
  }
}

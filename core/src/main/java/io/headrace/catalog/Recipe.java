package io.headrace.catalog;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * What a version is a function of, part by part, so that a plan can say which part changed. The
 * fingerprint covers all of it.
 *
 * @param code hash of the canonical code
 * @param configuration hash of the configuration that shapes the result
 * @param parameters values of the parameters that the code uses, as {@code name=value}, sorted
 * @param inputs identity of each input, sorted
 * @param unidentified the clauses that no fingerprint covers; empty for nearly every task
 */
public record Recipe(
    String code,
    String configuration,
    List<String> parameters,
    List<Input> inputs,
    List<String> unidentified) {
  public Recipe {
    requireNonNull(code, "code is null");
    requireNonNull(configuration, "configuration is null");
    parameters = List.copyOf(parameters);
    inputs = List.copyOf(inputs);
    unidentified = List.copyOf(unidentified);
  }

  /** What an input is. */
  public enum InputKind {
    TABLE,
    FILE
  }

  /**
   * Something that a version was computed from.
   *
   * @param name of the table, or path of the file relative to the project
   * @param identity version of the table, or content hash of the file
   */
  public record Input(InputKind kind, String name, String identity) {}
}

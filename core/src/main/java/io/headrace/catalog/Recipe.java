package io.headrace.catalog;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/**
 * What a version is a function of, part by part, so that a plan can say which part changed. The
 * fingerprint covers all of it.
 *
 * @param code hash of the canonical code; of a table with {@code foreach} two, of its query and of
 *     that of the items, with a plus sign between
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
    FILE,
    /** A part of a thing in an outside system, up to a position. */
    POSITION,
    /** The version of the table itself whose rows this one goes on from, made by other code. */
    BEFORE
  }

  /**
   * Something that a version was computed from.
   *
   * @param name of the table or thing, or path of the file relative to the project
   * @param identity version of the table, content hash of the file, or the position
   */
  public record Input(InputKind kind, String name, String identity) {}

  /** The tables and files that it was computed from. */
  public List<Input> reads() {
    return inputs.stream().filter(input -> input.kind() != InputKind.BEFORE).toList();
  }

  /** The version that this one goes on from, if it is not made of its inputs alone. */
  public Optional<String> before() {
    return inputs.stream()
        .filter(input -> input.kind() == InputKind.BEFORE)
        .map(Input::identity)
        .findFirst();
  }

  /** Whether code, configuration and parameters are the same. */
  public boolean hasCodeOf(Recipe other) {
    return code.equals(other.code)
        && configuration.equals(other.configuration)
        && parameters.equals(other.parameters);
  }
}

package io.headrace.schedule;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/**
 * Tables of an environment.
 *
 * @param project that has the environment, if it is another one
 * @param tables names, in which {@code *} stands for any characters
 */
public record Watch(Optional<String> project, String environment, List<String> tables) {
  public Watch {
    requireNonNull(project, "project is null");
    requireNonNull(environment, "environment is null");
    tables = List.copyOf(tables);
  }

  /** The environment, so that no other has the same name. */
  public String source() {
    return project.map(name -> name + "/" + environment).orElse(environment);
  }

  /** In words, as people are told. */
  public String text() {
    return "%s of %s".formatted(String.join(", ", tables), source());
  }
}

package io.headrace.incremental;

import io.headrace.catalog.Recipe;
import io.headrace.catalog.Recipe.Input;
import io.headrace.catalog.Recipe.InputKind;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The identity that each table and file that a recipe reads has. */
final class Identities {
  private final Map<Name, String> identities = new HashMap<>();

  Identities(Recipe recipe) {
    recipe.reads().forEach(input -> identities.put(Name.of(input), input.identity()));
  }

  private record Name(InputKind kind, String name) {
    static Name of(Input input) {
      return new Name(input.kind(), input.name());
    }
  }

  /** The identity that an input of another recipe has here, if it is one here too. */
  Optional<String> find(Input input) {
    return Optional.ofNullable(identities.get(Name.of(input)));
  }

  boolean sameNames(Identities other) {
    return identities.keySet().equals(other.identities.keySet());
  }

  /** Whether everything that {@code other} has is here, as it is there. */
  boolean containsAll(Identities other) {
    return identities.entrySet().containsAll(other.identities.entrySet());
  }

  /** The names of the inputs that only one has, or that both have and differ in. */
  List<String> differing(Identities other) {
    Set<Name> names = new LinkedHashSet<>(identities.keySet());
    names.addAll(other.identities.keySet());
    return names.stream()
        .filter(
            name ->
                !Optional.ofNullable(identities.get(name))
                    .equals(Optional.ofNullable(other.identities.get(name))))
        .map(Name::name)
        .toList();
  }
}

package io.headrace.plan;

import io.headrace.catalog.Recipe;
import io.headrace.catalog.Recipe.Input;
import io.headrace.catalog.Recipe.InputKind;
import io.headrace.catalog.Snapshot;
import io.headrace.catalog.Version;
import io.headrace.catalog.Versions;
import io.headrace.graph.Node;
import io.headrace.sql.Analysis;
import io.headrace.table.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Says in words why a task must be built: which part of its recipe changed. */
public final class Reasons {
  private static final int MOST_NAMED = 3;

  private final Versions versions;

  public Reasons(Versions versions) {
    this.versions = versions;
  }

  /** Why a task is built whose inputs are all known. */
  String ofBuild(Node node, Snapshot base, Resolver.Resolved resolved) {
    if (!node.unidentified().isEmpty()) {
      return ofUnidentified(node);
    }
    Optional<Version> before = base.version(node.name()).flatMap(versions::find);
    if (before.isEmpty()) {
      return "not in '%s' yet".formatted(base.environment());
    }
    List<String> changes = changes(node, before.get().recipe(), resolved.recipe());
    return changes.isEmpty() ? "its version was not kept" : String.join("; ", changes);
  }

  /** Why a task is built that reads a table which is built first. */
  String ofUnknownInput(Node node, Snapshot base, TableName input) {
    if (!node.unidentified().isEmpty()) {
      return ofUnidentified(node);
    }
    return base.version(node.name()).isEmpty()
        ? "not in '%s' yet".formatted(base.environment())
        : "reads " + input;
  }

  private static String ofUnidentified(Node node) {
    Analysis.Unidentified first = node.unidentified().get(0);
    return "%s: %s".formatted(first.clause(), first.reason());
  }

  /** The parts in which two recipes differ. */
  public static List<String> changes(Node node, Recipe before, Recipe after) {
    List<String> changes = new ArrayList<>();
    String file = node.task().file();
    if (!before.code().equals(after.code())) {
      changes.add(file + " changed");
    }
    if (!before.configuration().equals(after.configuration())) {
      changes.add(file + ": configuration changed");
    }
    for (String parameter : after.parameters()) {
      if (!before.parameters().contains(parameter)) {
        changes.add("parameter " + parameter.replaceFirst("=", " is now "));
      }
    }
    if (changes.isEmpty() && !before.parameters().equals(after.parameters())) {
      changes.add("parameters changed");
    }
    inputChanges(before, after, InputKind.TABLE).ifPresent(c -> changes.add("reads " + c));
    inputChanges(before, after, InputKind.FILE).ifPresent(c -> changes.add(c + " changed"));
    changes.addAll(moves(identities(before, InputKind.POSITION), after));
    if (!before.before().equals(after.before())) {
      changes.add(after.before().isPresent() ? "goes on from what is there" : "begins anew");
    }
    return changes;
  }

  private static List<String> moves(Map<String, String> old, Recipe after) {
    List<String> moves = new ArrayList<>();
    identities(after, InputKind.POSITION)
        .forEach(
            (name, position) -> {
              if (!position.equals(old.get(name))) {
                moves.add("%s is at %s now".formatted(name, position));
              }
            });
    return moves.size() <= MOST_NAMED
        ? moves
        : List.of("%s, and %d more".formatted(moves.get(0), moves.size() - 1));
  }

  private static Optional<String> inputChanges(Recipe before, Recipe after, InputKind kind) {
    Map<String, String> old = identities(before, kind);
    Map<String, String> now = identities(after, kind);
    List<String> changed = new ArrayList<>();
    now.forEach(
        (name, identity) -> {
          if (!identity.equals(old.get(name))) {
            changed.add(name);
          }
        });
    old.keySet().stream().filter(name -> !now.containsKey(name)).forEach(changed::add);
    if (changed.isEmpty()) {
      return Optional.empty();
    }
    String named = String.join(", ", changed.subList(0, Math.min(MOST_NAMED, changed.size())));
    int more = changed.size() - MOST_NAMED;
    return Optional.of(more > 0 ? "%s and %d more".formatted(named, more) : named);
  }

  private static Map<String, String> identities(Recipe recipe, InputKind kind) {
    Function<Input, String> name = Input::name;
    return recipe.inputs().stream()
        .filter(input -> input.kind() == kind)
        .collect(Collectors.toMap(name, Input::identity, (a, b) -> b, java.util.TreeMap::new));
  }
}

package io.headrace.publish;

import io.headrace.catalog.Catalog;
import io.headrace.catalog.Environment;
import io.headrace.catalog.Publication;
import io.headrace.catalog.Recipe;
import io.headrace.catalog.Recipe.Input;
import io.headrace.catalog.Recipe.InputKind;
import io.headrace.catalog.Snapshot;
import io.headrace.catalog.Version;
import io.headrace.error.ConflictException;
import io.headrace.table.TableName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Moves the pointers of one environment to where another's are, for the tables that were changed
 * there since it was forked. Builds nothing: the versions are the same.
 *
 * <p>Refused if the target has moved, since the fork, a table that was changed or that a changed
 * table was computed from: the result would be one that nobody has seen.
 */
public final class Promotion {
  private final Catalog catalog;

  public Promotion(Catalog catalog) {
    this.catalog = catalog;
  }

  /**
   * What a promotion did.
   *
   * @param commit the new commit, or empty if there was nothing to move
   * @param changes version by table; empty for one that was taken away
   */
  public record Promoted(Optional<Long> commit, SortedMap<TableName, Optional<String>> changes) {}

  /**
   * Promotes.
   *
   * @throws ConflictException if the target has moved; nothing was written
   */
  public Promoted promote(String from, String to, String author, String message, Instant now) {
    Snapshot source = catalog.environments().head(from);
    Snapshot target = catalog.environments().head(to);
    Snapshot fork = fork(from, to);
    SortedMap<TableName, Optional<String>> changes = new TreeMap<>();
    TreeSet<TableName> tables = new TreeSet<>(source.versions().keySet());
    tables.addAll(fork.versions().keySet());
    for (TableName table : tables) {
      boolean isChanged = !source.version(table).equals(fork.version(table));
      if (isChanged && !source.version(table).equals(target.version(table))) {
        changes.put(table, source.version(table));
      }
    }
    if (changes.isEmpty()) {
      return new Promoted(Optional.empty(), changes);
    }
    SortedMap<TableName, Optional<String>> expected = new TreeMap<>();
    changes.keySet().forEach(table -> expected.put(table, fork.version(table)));
    expectInputs(source, changes, expected);
    refuseIfMoved(from, target, expected);
    String text = message.isEmpty() ? "promote '%s'".formatted(from) : message;
    long commit =
        catalog
            .environments()
            .publish(
                new Publication(
                    to, author, text, Optional.empty(), now, expected, changes, Optional.empty()));
    catchUp(source, catalog.environments().at(commit), author, now);
    return new Promoted(Optional.of(commit), changes);
  }

  /**
   * Brings the promoted environment to the state of its target, so that it starts from there again.
   * If somebody published to it meanwhile it stays as it is: it is only older than it could be.
   */
  private void catchUp(Snapshot source, Snapshot target, String author, Instant now) {
    SortedMap<TableName, Optional<String>> changes = new TreeMap<>();
    TreeSet<TableName> tables = new TreeSet<>(source.versions().keySet());
    tables.addAll(target.versions().keySet());
    for (TableName table : tables) {
      if (!source.version(table).equals(target.version(table))) {
        changes.put(table, target.version(table));
      }
    }
    SortedMap<TableName, Optional<String>> expected = new TreeMap<>();
    source.versions().forEach((table, version) -> expected.put(table, Optional.of(version)));
    changes.keySet().forEach(table -> expected.put(table, source.version(table)));
    try {
      catalog
          .environments()
          .publish(
              new Publication(
                  source.environment(),
                  author,
                  "follow '%s'".formatted(target.environment()),
                  Optional.empty(),
                  now,
                  expected,
                  changes,
                  Optional.of(target.commit())));
    } catch (ConflictException e) {
      // See above.
    }
  }

  /** Where the two last agreed; an environment that is no fork of the target agrees on nothing. */
  private Snapshot fork(String from, String to) {
    Optional<Environment> environment = catalog.environments().find(from);
    return environment
        .flatMap(Environment::forkedFrom)
        .filter(
            commit ->
                catalog
                    .environments()
                    .findCommit(commit)
                    .filter(c -> c.environment().equals(to))
                    .isPresent())
        .map(catalog.environments()::at)
        .orElseGet(() -> new Snapshot(to, 0, new TreeMap<>()));
  }

  /** Each table that moves was computed from inputs; the target must have just those. */
  private void expectInputs(
      Snapshot source,
      SortedMap<TableName, Optional<String>> changes,
      SortedMap<TableName, Optional<String>> expected) {
    List<String> moving = changes.values().stream().flatMap(Optional::stream).toList();
    Map<String, Version> versions = catalog.versions().findAll(moving);
    for (Version version : versions.values()) {
      Recipe recipe = version.recipe();
      for (Input input : recipe.inputs()) {
        if (input.kind() == InputKind.TABLE) {
          TableName table = TableName.parse(input.name());
          if (!changes.containsKey(table)
              && source.version(table).equals(Optional.of(input.identity()))) {
            expected.put(table, Optional.of(input.identity()));
          }
        }
      }
    }
  }

  private static void refuseIfMoved(
      String from, Snapshot target, SortedMap<TableName, Optional<String>> expected) {
    List<TableName> moved = new ArrayList<>();
    expected.forEach(
        (table, version) -> {
          if (!target.version(table).equals(version)) {
            moved.add(table);
          }
        });
    if (!moved.isEmpty()) {
      throw new ConflictException(
          "Cannot promote '%s' to '%s': '%s' has moved since, in %s"
              .formatted(
                  from,
                  target.environment(),
                  target.environment(),
                  moved.stream().map(t -> "'" + t + "'").collect(Collectors.joining(", "))),
          "Run `headrace run --env %s --onto %s`, look at the result, and promote again"
              .formatted(from, target.environment()));
    }
  }
}

package io.headrace.run;

import io.headrace.catalog.Recipe;
import io.headrace.catalog.Recipe.Input;
import io.headrace.catalog.Recipe.InputKind;
import io.headrace.catalog.Version;
import io.headrace.catalog.Versions;
import io.headrace.graph.Node;
import io.headrace.table.Column;
import io.headrace.table.DataFile;
import io.headrace.table.KeyRule;
import io.headrace.table.TableData;
import io.headrace.table.TableStore;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Since when the inputs of a table are as they are: a table that keeps how things were needs to
 * know.
 */
final class Moments {
  private final Versions versions;
  private final TableStore tables;
  private final Clock clock;

  Moments(Versions versions, TableStore tables, Clock clock) {
    this.versions = versions;
    this.tables = tables;
    this.clock = clock;
  }

  /**
   * When the newest input was made, which is the same whoever builds the table, and when; or now,
   * if that is not after what the table knows already, since an input went back to what it was. For
   * other tables the moment means nothing.
   */
  Instant of(Node node, Recipe recipe, Optional<Version> before) {
    if (!node.task().keepsStates()) {
      return Instant.EPOCH;
    }
    List<String> inputs =
        recipe.inputs().stream()
            .filter(input -> input.kind() == InputKind.TABLE)
            .map(Input::identity)
            .toList();
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    Instant made =
        versions.findAll(inputs).values().stream()
            .map(Version::createdAt)
            .max(Instant::compareTo)
            .orElse(now);
    Instant last = before.flatMap(this::last).orElse(Instant.MIN);
    if (made.isAfter(last)) {
      return made;
    }
    return now.isAfter(last) ? now : last.plus(1, ChronoUnit.MICROS);
  }

  /** The last moment that a history knows. */
  private Optional<Instant> last(Version version) {
    TableData data = tables.load(version.metadataLocation());
    return Stream.of(KeyRule.VALID_FROM, KeyRule.VALID_TO)
        .flatMap(name -> data.schema().find(name).stream())
        .flatMap(column -> data.files().stream().flatMap(file -> upper(file, column).stream()))
        .max(Instant::compareTo);
  }

  private static Optional<Instant> upper(DataFile file, Column column) {
    return Optional.ofNullable(file.statistics().get(column.id()))
        .flatMap(DataFile.Statistics::upper)
        .map(text -> OffsetDateTime.parse(text.replace(' ', 'T')).toInstant());
  }
}

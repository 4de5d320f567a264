package io.headrace.export;

import io.headrace.connector.Delivery;
import io.headrace.connector.Delivery.Append;
import io.headrace.connector.Delivery.Change;
import io.headrace.connector.Delivery.Replace;
import io.headrace.connector.Delivery.Update;
import io.headrace.connector.Target;
import io.headrace.engine.Cancellation;
import io.headrace.engine.Query;
import io.headrace.engine.Session;
import io.headrace.engine.Session.ExportFormat;
import io.headrace.error.HeadraceException;
import io.headrace.error.NearestWord;
import io.headrace.project.Export;
import io.headrace.sql.SqlNames;
import io.headrace.table.Column;
import io.headrace.table.DataFile;
import io.headrace.table.TableData;
import io.headrace.table.TableName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds the rows to write so that a place that holds one version of a table holds another. Rows are
 * compared as the text that is delivered, each as often as it is there: so what the place holds in
 * the end are the rows of the version, whatever the versions have in common.
 */
final class Changes {
  private static final TableName NOW = new TableName("headrace_export", "now");

  private static final String GONE =
      "which rows changed cannot be told, for the version that is there was deleted by `headrace gc`";

  private final Session session;
  private final Export export;
  private final TableData now;
  private final Target target;
  private final Path folder;
  private final Cancellation cancel;

  /**
   * @param session nobody else's
   * @param now the version to deliver
   * @param target only asked how it takes rows
   * @param folder where the files go
   */
  Changes(
      Session session,
      Export export,
      TableData now,
      Target target,
      Path folder,
      Cancellation cancel) {
    this.session = session;
    this.export = export;
    this.now = now;
    this.target = target;
    this.folder = folder;
    this.cancel = cancel;
    session.bind(NOW, now);
  }

  /**
   * What the place holds: the rows of a version, and maybe some of other versions.
   *
   * @param isKnown whether the place knows which version it is
   * @param version empty if that is not known, or the version is gone
   * @param begun the other versions; one is empty if it is gone
   */
  record Held(boolean isKnown, Optional<TableData> version, List<Optional<TableData>> begun) {
    Held {
      begun = List.copyOf(begun);
    }

    boolean isGone() {
      return (isKnown && version.isEmpty()) || begun.stream().anyMatch(Optional::isEmpty);
    }

    List<TableData> all() {
      return Stream.concat(version.stream(), begun.stream().flatMap(Optional::stream)).toList();
    }
  }

  /**
   * Writes what is to be delivered.
   *
   * @throws HeadraceException if the mode does not allow it
   */
  Change write(Held held) {
    return switch (export.mode()) {
      case SWAP -> all();
      case UPSERT -> upsert(held);
      case APPEND -> append(held);
    };
  }

  private Change all() {
    return new Replace(write("rows", ordered(rows(NOW))));
  }

  private Change upsert(Held held) {
    requireKey();
    if (held.isGone()) {
      return allOr(GONE);
    }
    List<TableData> there = held.all();
    boolean isComparable = there.stream().allMatch(this::sameColumns);
    if (there.isEmpty() || (!isComparable && target.isReplaceable())) {
      return all();
    }
    List<String> touched = new ArrayList<>();
    for (TableData before : there) {
      Differences differences = bindDifferences(before, touched.size());
      if (!keysAreIn(before, differences)) {
        return allOr("it had other keys then");
      }
      touched.add(touched(before, differences));
    }
    if (!held.isKnown()) {
      touched.add(keysOf(rows(NOW)));
    }
    String keys =
        "SELECT DISTINCT %s FROM (%s)".formatted(keys(), String.join(" UNION ALL ", touched));
    // All rows of those keys, since the ones that are there go, however many they are.
    String rows =
        "SELECT n.* FROM (%s) n SEMI JOIN (%s) k USING (%s)".formatted(rows(NOW), keys, keys());
    return new Update(
        write("keys", keys + " ORDER BY " + keys()), write("rows", rows + " ORDER BY " + keys()));
  }

  /** The keys of the rows in which a version is another than the new one. */
  private String touched(TableData before, Differences differences) {
    return sameColumns(before)
        ? keysOf(only(differences.added(), differences.removed()))
            + " UNION ALL "
            + keysOf(only(differences.removed(), differences.added()))
        : keysOf(rows(NOW))
            + " UNION ALL "
            + keysOf(
                RowTexts.select(before.schema().columns(), SqlNames.quote(differences.before())));
  }

  private String keysOf(String query) {
    return "SELECT %s FROM (%s)".formatted(keys(), query);
  }

  /** Whether every row that is there can be found by its key. */
  private boolean keysAreIn(TableData before, Differences differences) {
    String all = SqlNames.quote(differences.before());
    return export.key().stream().allMatch(key -> before.schema().find(key).isPresent())
        && count("FROM %s WHERE %s".formatted(all, anyKeyIsNull())) == 0;
  }

  private Change append(Held held) {
    if (!held.begun().isEmpty()) {
      // It would have been finished first, if it were not gone or if that were wanted.
      return allOr(GONE);
    }
    if (!held.isKnown()) {
      return all();
    }
    if (held.version().filter(this::sameColumns).isPresent()) {
      Differences differences = bindDifferences(held.version().get(), 0);
      if (count("FROM (%s)".formatted(only(differences.removed(), differences.added()))) == 0) {
        return new Append(write("rows", ordered(only(differences.added(), differences.removed()))));
      }
    }
    return held.isGone()
        ? allOr(GONE)
        : allOr("'%s' changed otherwise than by new rows".formatted(export.table()));
  }

  /** The same order each time, if that matters: a query of its own has none. */
  private String ordered(String query) {
    return target.isInSteps() ? "SELECT * FROM (%s) ORDER BY ALL".formatted(query) : query;
  }

  /** All rows, if that leaves none of those that were there, or is what the export wants. */
  private Change allOr(String reason) {
    boolean mayReplace = export.mode() == Export.Mode.UPSERT && target.isReplaceable();
    if (mayReplace || export.orSwap()) {
      return all();
    }
    throw new HeadraceException(
        "Cannot %s '%s': %s"
            .formatted(
                export.mode() == Export.Mode.APPEND ? "append to" : "upsert into",
                export.destination(),
                reason),
        "Say `otherwise: swap` in %s to write all rows then".formatted(export.at().file()));
  }

  private boolean sameColumns(TableData before) {
    return before.schema().columns().equals(now.schema().columns());
  }

  /** Names under which a version is bound, and what one has and the other has not. */
  private record Differences(TableName before, TableName added, TableName removed) {}

  /**
   * Files that both have, have the same rows, and need not be read.
   *
   * @param number that no other version has
   */
  private Differences bindDifferences(TableData before, int number) {
    Differences differences =
        new Differences(
            new TableName("headrace_export", "before" + number),
            new TableName("headrace_export", "added" + number),
            new TableName("headrace_export", "removed" + number));
    session.bind(differences.before(), before);
    session.bind(differences.added(), now.with(without(now.files(), before.files())));
    session.bind(differences.removed(), before.with(without(before.files(), now.files())));
    return differences;
  }

  private static List<DataFile> without(List<DataFile> files, List<DataFile> others) {
    Set<String> paths = new HashSet<>();
    others.forEach(file -> paths.add(file.path()));
    return files.stream().filter(file -> !paths.contains(file.path())).toList();
  }

  private void requireKey() {
    List<String> names = now.schema().columns().stream().map(Column::name).toList();
    for (String key : export.key()) {
      if (now.schema().find(key).isEmpty()) {
        throw new HeadraceException(
            "The key '%s' is no column of '%s'".formatted(key, export.table()),
            NearestWord.hint(key, names, "The columns are " + String.join(", ", names)));
      }
    }
    String twice =
        "FROM (SELECT 1 FROM (%s) GROUP BY %s HAVING count(*) > 1)".formatted(rows(NOW), keys());
    String without = "FROM %s WHERE %s".formatted(SqlNames.quote(NOW), anyKeyIsNull());
    if (count(twice) > 0 || count(without) > 0) {
      throw new HeadraceException(
          "Cannot deliver '%s' by key: %s does not tell its rows apart"
              .formatted(export.table(), String.join(", ", export.key())),
          "Name more columns under `key`, or add checks to the table: `not_null` and `unique`");
    }
  }

  private String keys() {
    return names(export.key().stream().map(key -> now.schema().find(key).orElseThrow().name()));
  }

  private String anyKeyIsNull() {
    return export.key().stream()
        .map(key -> SqlNames.quote(key) + " IS NULL")
        .collect(Collectors.joining(" OR "));
  }

  private static String names(Stream<String> names) {
    return names.map(SqlNames::quote).collect(Collectors.joining(", "));
  }

  private String rows(TableName table) {
    return RowTexts.select(now.schema().columns(), SqlNames.quote(table));
  }

  private String only(TableName table, TableName other) {
    return "(%s EXCEPT ALL %s)".formatted(rows(table), rows(other));
  }

  private long count(String from) {
    Query query = new Query.Select("SELECT count(*) " + from);
    return ((Number) session.query(query, 1, cancel).values().get(0).get(0)).longValue();
  }

  private Path write(String name, String sql) {
    Path file = folder.resolve(name + ".csv");
    session.export(new Query.Select(sql), file, ExportFormat.QUOTED_CSV, cancel);
    return file;
  }

  /** The key as the table spells it. */
  List<String> key() {
    return export.key().stream().map(key -> now.schema().find(key).orElseThrow().name()).toList();
  }

  /** What of the change is written, in words. */
  static String words(Delivery.Change change) {
    return change instanceof Append
        ? "new rows"
        : change instanceof Update ? "rows of keys that changed" : "all rows";
  }
}

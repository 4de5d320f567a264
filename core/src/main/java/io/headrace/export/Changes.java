package io.headrace.export;

import io.headrace.connector.Delivery;
import io.headrace.connector.Delivery.Append;
import io.headrace.connector.Delivery.Change;
import io.headrace.connector.Delivery.Replace;
import io.headrace.connector.Delivery.Update;
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
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds the rows to write so that a place that holds one version of a table holds another. Rows are
 * compared as the text that is delivered, each as often as it is there: so what the place holds in
 * the end are the rows of the version, whatever the versions have in common.
 */
final class Changes {
  private static final TableName NOW = new TableName("headrace_export", "now");
  private static final TableName BEFORE = new TableName("headrace_export", "before");
  private static final TableName ADDED = new TableName("headrace_export", "added");
  private static final TableName REMOVED = new TableName("headrace_export", "removed");

  private static final String GONE =
      "which rows changed cannot be told, for the version that is there was deleted by `headrace gc`";

  private final Session session;
  private final Export export;
  private final TableData now;
  private final boolean isReplaceable;
  private final Path folder;
  private final Cancellation cancel;

  /**
   * @param session nobody else's
   * @param now the version to deliver
   * @param isReplaceable whether a place can be made to hold all rows anew
   * @param folder where the files go
   */
  Changes(
      Session session,
      Export export,
      TableData now,
      boolean isReplaceable,
      Path folder,
      Cancellation cancel) {
    this.session = session;
    this.export = export;
    this.now = now;
    this.isReplaceable = isReplaceable;
    this.folder = folder;
    this.cancel = cancel;
    session.bind(NOW, now);
  }

  /**
   * Writes what is to be delivered.
   *
   * @param before the version that is there; empty if that is not known, or the version is gone
   * @param isKnown whether the place knows what it holds
   * @throws HeadraceException if the mode does not allow it
   */
  Change write(Optional<TableData> before, boolean isKnown) {
    return switch (export.mode()) {
      case SWAP -> all();
      case UPSERT -> upsert(before, isKnown);
      case APPEND -> append(before, isKnown);
    };
  }

  private Change all() {
    return new Replace(write("rows", rows(NOW)));
  }

  private Change upsert(Optional<TableData> before, boolean isKnown) {
    requireKey();
    if (before.isEmpty()) {
      return isKnown ? allOr(GONE) : all();
    }
    boolean isComparable = sameColumns(before.get());
    if (!isComparable && isReplaceable) {
      return all();
    }
    bindDifferences(before.get());
    session.bind(BEFORE, before.get());
    if (!keysAreIn(before.get())) {
      return allOr("it had other keys then");
    }
    String touched =
        isComparable
            ? "(%s UNION ALL %s)".formatted(only(ADDED, REMOVED), only(REMOVED, ADDED))
            : "(SELECT %1$s FROM (%2$s) UNION ALL SELECT %1$s FROM (%3$s))"
                .formatted(
                    keys(),
                    rows(NOW),
                    RowTexts.select(before.get().schema().columns(), SqlNames.quote(BEFORE)));
    String keys = "SELECT DISTINCT %s FROM %s".formatted(keys(), touched);
    // All rows of those keys, since the ones that are there go, however many they are.
    String rows =
        "SELECT n.* FROM (%s) n SEMI JOIN (%s) k USING (%s)".formatted(rows(NOW), keys, keys());
    return new Update(
        write("keys", keys + " ORDER BY " + keys()), write("rows", rows + " ORDER BY " + keys()));
  }

  /** Whether every row that is there can be found by its key. */
  private boolean keysAreIn(TableData before) {
    return export.key().stream().allMatch(key -> before.schema().find(key).isPresent())
        && count("FROM %s WHERE %s".formatted(SqlNames.quote(BEFORE), anyKeyIsNull())) == 0;
  }

  private Change append(Optional<TableData> before, boolean isKnown) {
    if (!isKnown) {
      return all();
    }
    if (before.isPresent() && sameColumns(before.get())) {
      bindDifferences(before.get());
      if (count("FROM (%s)".formatted(only(REMOVED, ADDED))) == 0) {
        return new Append(write("rows", only(ADDED, REMOVED)));
      }
    }
    return before.isEmpty()
        ? allOr(GONE)
        : allOr("'%s' changed otherwise than by new rows".formatted(export.table()));
  }

  /** All rows, if that leaves none of those that were there, or is what the export wants. */
  private Change allOr(String reason) {
    boolean mayReplace = export.mode() == Export.Mode.UPSERT && isReplaceable;
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

  /** Files that both have, have the same rows, and need not be read. */
  private void bindDifferences(TableData before) {
    session.bind(ADDED, now.with(without(now.files(), before.files())));
    session.bind(REMOVED, before.with(without(before.files(), now.files())));
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

  private static String names(java.util.stream.Stream<String> names) {
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

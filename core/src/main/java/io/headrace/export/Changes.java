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

  private final Session session;
  private final Export export;
  private final TableData now;
  private final Path folder;
  private final Cancellation cancel;

  /**
   * @param session nobody else's
   * @param now the version to deliver
   * @param folder where the files go
   */
  Changes(Session session, Export export, TableData now, Path folder, Cancellation cancel) {
    this.session = session;
    this.export = export;
    this.now = now;
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
      case UPSERT -> upsert(before);
      case APPEND -> append(before, isKnown);
    };
  }

  private Change all() {
    return new Replace(write("rows", rows(NOW)));
  }

  private Change upsert(Optional<TableData> before) {
    requireKey();
    if (before.isEmpty() || !sameColumns(before.get())) {
      return all();
    }
    bindDifferences(before.get());
    session.bind(BEFORE, before.get());
    // Such rows could not be found by their keys. They are there if the key was another then.
    if (count("FROM %s WHERE %s".formatted(SqlNames.quote(BEFORE), anyKeyIsNull())) > 0) {
      return all();
    }
    String touched =
        "SELECT DISTINCT %s FROM (%s UNION ALL %s)"
            .formatted(keys(), only(ADDED, REMOVED), only(REMOVED, ADDED));
    // All rows of those keys, since the ones that are there go, however many they are.
    String rows =
        "SELECT n.* FROM (%s) n SEMI JOIN (%s) k USING (%s)".formatted(rows(NOW), touched, keys());
    return new Update(write("keys", touched), write("rows", rows));
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
    if (export.orSwap()) {
      return all();
    }
    String hint =
        "Say `otherwise: swap` in %s to write all rows then".formatted(export.at().file());
    if (before.isEmpty()) {
      throw new HeadraceException(
          "Cannot append to '%s': which rows of '%s' are new cannot be told, for the version that is there was deleted by `headrace gc`"
              .formatted(export.destination(), export.table()),
          hint);
    }
    throw new HeadraceException(
        "Cannot append to '%s': '%s' changed otherwise than by new rows"
            .formatted(export.destination(), export.table()),
        hint);
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

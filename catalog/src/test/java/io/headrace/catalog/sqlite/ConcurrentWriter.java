package io.headrace.catalog.sqlite;

import io.headrace.catalog.Catalog;
import io.headrace.catalog.Publication;
import io.headrace.catalog.Recipe;
import io.headrace.catalog.Snapshot;
import io.headrace.catalog.Version;
import io.headrace.error.ConflictException;
import io.headrace.table.TableName;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A process that adds one to a counter, over and over: the version of {@code counter} is its value,
 * and {@code shadow} must always say the same. Prints the number of each commit that it was told
 * of.
 */
final class ConcurrentWriter {
  static final TableName COUNTER = TableName.parse("counter");
  static final TableName SHADOW = TableName.parse("shadow");

  private ConcurrentWriter() {}

  /** Takes the file of the catalog, a name for the process, and how many commits to make. */
  public static void main(String[] arguments) {
    String writer = arguments[1];
    int commits = Integer.parseInt(arguments[2]);
    try (Catalog catalog = SqliteCatalog.open(Path.of(arguments[0]))) {
      int made = 0;
      while (made < commits) {
        try {
          System.out.println(increment(catalog, writer));
          made++;
        } catch (ConflictException e) {
          // Another process was faster: again, from where it left the counter.
          Thread.onSpinWait();
        }
      }
    }
  }

  static long increment(Catalog catalog, String writer) {
    Snapshot head = catalog.environments().head("main");
    long value = value(head.version(COUNTER)) + 1;
    SortedMap<TableName, Optional<String>> expected = new TreeMap<>();
    SortedMap<TableName, Optional<String>> changes = new TreeMap<>();
    for (TableName table : List.of(COUNTER, SHADOW)) {
      expected.put(table, head.version(table));
      changes.put(table, Optional.of(build(catalog, writer, table, value)));
    }
    return catalog
        .environments()
        .publish(
            new Publication(
                "main",
                writer,
                "to " + value,
                Optional.empty(),
                Instant.EPOCH,
                expected,
                changes,
                Optional.empty()));
  }

  private static String build(Catalog catalog, String writer, TableName table, long value) {
    String id = "%d-%s-%s".formatted(value, table, writer);
    Recipe recipe = new Recipe("code", "", List.of(), List.of(), List.of());
    catalog.leases().tryAcquire(id, writer, Instant.EPOCH, Duration.ofHours(1));
    catalog
        .versions()
        .record(id, new Version(id, table, id, 0, 0, Instant.EPOCH, writer, recipe), writer);
    catalog.leases().release(id, writer);
    return id;
  }

  static long value(Optional<String> version) {
    return version.map(id -> Long.parseLong(id.substring(0, id.indexOf('-')))).orElse(0L);
  }
}

package io.headrace.catalog.sqlite;

import io.headrace.catalog.Catalog;
import io.headrace.catalog.Environment;
import io.headrace.catalog.Publication;
import io.headrace.catalog.Recipe;
import io.headrace.catalog.Recipe.Input;
import io.headrace.catalog.Recipe.InputKind;
import io.headrace.catalog.Version;
import io.headrace.table.TableName;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A catalog and the small words that its contracts are written in. */
abstract class CatalogContract {
  static final Instant T0 = Instant.parse("2026-03-01T10:00:00Z");
  static final Duration TTL = Duration.ofSeconds(15);
  static final TableName A = TableName.parse("a");
  static final TableName B = TableName.parse("b");
  static final TableName C = TableName.parse("marts.c");

  @TempDir Path folder;

  @SuppressWarnings("NullAway.Init") // before each test
  protected Catalog catalog;

  private final List<Catalog> opened = new ArrayList<>();

  /** Opens the catalog in that folder, as another process would. */
  protected abstract Catalog open(Path folder);

  final Catalog reopen() {
    Catalog another = open(folder);
    opened.add(another);
    return another;
  }

  @BeforeEach
  final void openCatalog() {
    catalog = reopen();
  }

  @AfterEach
  final void closeCatalogs() {
    opened.forEach(Catalog::close);
  }

  static Instant minute(int minutes) {
    return T0.plus(Duration.ofMinutes(minutes));
  }

  static Recipe recipe(String code) {
    return new Recipe(
        code,
        "conf\\ig\tof\n" + code,
        List.of("day=2026-03-01", "name=\\n"),
        List.of(
            new Input(InputKind.TABLE, "raw.orders", "f00"),
            new Input(InputKind.FILE, "data/a file\twith tab.csv", "b4r")),
        List.of("now()"));
  }

  static Version version(String id, TableName table, Instant at, String run) {
    return new Version(id, table, "/wh/" + id + ".metadata.json", 10, 2_000, at, run, recipe(id));
  }

  /** Records versions of tables, built at that time by the run {@code r}. */
  void record(Instant at, Map<String, TableName> tables) {
    tables.forEach(
        (id, table) -> {
          catalog.leases().tryAcquire(id, "builder", at, TTL);
          if (!catalog.versions().record(id, version(id, table, at, "r"), "builder")) {
            throw new AssertionError("Not recorded: " + id);
          }
          catalog.leases().release(id, "builder");
        });
  }

  /** A publication that moves tables from versions to versions; null stands for none. */
  static Publication publication(String environment, Instant at, @Nullable String... moves) {
    SortedMap<TableName, Optional<String>> expected = new TreeMap<>();
    SortedMap<TableName, Optional<String>> changes = new TreeMap<>();
    for (int i = 0; i < moves.length; i += 3) {
      TableName table = TableName.parse(String.valueOf(moves[i]));
      expected.put(table, Optional.ofNullable(moves[i + 1]));
      changes.put(table, Optional.ofNullable(moves[i + 2]));
    }
    return new Publication(
        environment, "ada", "message", Optional.of("r"), at, expected, changes, Optional.empty());
  }

  long publish(int minute, @Nullable String... moves) {
    return catalog.environments().publish(publication(Environment.MAIN, minute(minute), moves));
  }

  static Map<TableName, String> pointers(String... tablesAndVersions) {
    Map<TableName, String> pointers = new HashMap<>();
    for (int i = 0; i < tablesAndVersions.length; i += 2) {
      pointers.put(TableName.parse(tablesAndVersions[i]), tablesAndVersions[i + 1]);
    }
    return pointers;
  }
}

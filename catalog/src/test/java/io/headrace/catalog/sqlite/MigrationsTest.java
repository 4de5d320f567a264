package io.headrace.catalog.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.catalog.Occasion;
import io.headrace.catalog.Tick;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.JDBC;

/**
 * A new catalog gets its tables without Flyway, an older one with it: both ways lead to the same.
 */
class MigrationsTest {
  @TempDir Path folder;

  @Test
  void aNewCatalogHasTheTablesThatMigrationsMake() throws Exception {
    Path made = folder.resolve("made.db");
    Migrations.CATALOG.run(made);
    Path migrated = folder.resolve("migrated.db");
    Flyway.configure()
        .dataSource(JDBC.PREFIX + migrated, "", "")
        .locations("classpath:db/sqlite")
        .load()
        .migrate();
    assertThat(schema(made)).isNotEmpty().isEqualTo(schema(migrated));
  }

  /** As the first version of the program left it. */
  @Test
  void anOlderCatalogGetsWhatIsNew() throws Exception {
    Path old = folder.resolve("old.db");
    Path made = folder.resolve("new.db");
    try (Sql sql = new Sql(java.sql.DriverManager.getConnection(JDBC.PREFIX + old));
        var script =
            Objects.requireNonNull(
                Migrations.class.getResourceAsStream("/db/sqlite/V1__catalog.sql"))) {
      sql.executeAll(new String(script.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8));
      sql.execute("PRAGMA user_version = 1");
    }
    Migrations.CATALOG.run(old);
    Migrations.CATALOG.run(made);
    assertThat(schema(old)).isEqualTo(schema(made));
  }

  @Test
  void ticksOfAnOlderCatalogAreNumbered() throws Exception {
    Path old = folder.resolve("old.db");
    try (Sql sql = new Sql(java.sql.DriverManager.getConnection(JDBC.PREFIX + old))) {
      for (String script : List.of("V1__catalog", "V2__rewrites", "V3__parts", "V4__schedules")) {
        try (var text =
            Objects.requireNonNull(
                Migrations.class.getResourceAsStream("/db/sqlite/" + script + ".sql"))) {
          sql.executeAll(new String(text.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8));
        }
      }
      sql.executeAll(
          "INSERT INTO schedules (name, since) VALUES ('s', 0);"
              + "INSERT INTO ticks VALUES ('s', 2000, 'FAILED', 1, 1, 'r', 2001, 2002, 'why');"
              + "INSERT INTO ticks VALUES ('s', 1000, 'PUBLISHED', 0, 2, 'q', 1001, 1002, '')");
      sql.execute("PRAGMA user_version = 4");
    }
    try (SqliteCatalog catalog = SqliteCatalog.open(old)) {
      Tick last = catalog.schedules().find("s").orElseThrow().last().orElseThrow();
      assertThat(last.number()).isEqualTo(2);
      assertThat(last.occasion()).isEqualTo(Occasion.at(Times.fromMicros(2000)));
      assertThat(last.message()).isEqualTo("why");
      assertThat(catalog.schedules().ticks(Optional.of("s"), 9))
          .extracting(Tick::number)
          .containsExactly(2L, 1L);
    }
  }

  @Test
  void theNewestScriptIsTheVersion() throws IOException, URISyntaxException {
    URL scripts = Objects.requireNonNull(Migrations.class.getResource("/db/sqlite"));
    try (Stream<Path> files = Files.list(Path.of(scripts.toURI()))) {
      assertThat(files).hasSize(Migrations.LATEST);
    }
  }

  private static List<String> schema(Path file) throws Exception {
    List<String> schema = new ArrayList<>();
    try (Sql sql = new Sql(java.sql.DriverManager.getConnection(JDBC.PREFIX + file))) {
      sql.forEach(
          "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL"
              + " AND name NOT LIKE 'flyway%' ORDER BY name",
          result -> schema.add(result.getString(1)));
    }
    return schema;
  }
}

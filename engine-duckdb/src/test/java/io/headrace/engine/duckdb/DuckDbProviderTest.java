package io.headrace.engine.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.engine.Cancellation;
import io.headrace.engine.Engine;
import io.headrace.engine.EngineProvider;
import io.headrace.engine.EngineProvider.Settings;
import io.headrace.engine.Query.Select;
import io.headrace.engine.Session;
import io.headrace.table.TableName;
import io.headrace.table.TableSchema;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DuckDbProviderTest {
  @TempDir private Path folder;

  @Test
  void isFoundByItsName() {
    EngineProvider provider = ServiceLoader.load(EngineProvider.class).findFirst().orElseThrow();
    assertThat(provider.name()).isEqualTo("duckdb");
    assertThat(provider.analysisVersion()).isEqualTo("duckdb-2.0.0/1");
  }

  @Test
  void anEngineThatNothingIsAskedOfStartsNothing() {
    Path temporary = folder.resolve("a/tmp");
    try (Engine engine = start(temporary)) {
      Session session = engine.open(folder);
      session.bindRows(TableName.parse("t"), new TableSchema(List.of(), 0), List.of());
      session.close();
      assertThat(engine.identity()).isEqualTo("duckdb 2.0.0");
      assertThat(engine.analyze(List.of())).isEmpty();
      assertThat(temporary.getParent()).doesNotExist();
    }
  }

  @Test
  void settingsReachDuckDb() {
    try (Engine engine = start(folder.resolve("a/tmp"));
        Session session = engine.open(folder)) {
      Session.Rows rows =
          session.query(
              new Select(
                  "SELECT current_setting('memory_limit'), current_setting('threads'),"
                      + " current_setting('temp_directory'),"
                      + " current_setting('autoload_known_extensions')"),
              1,
              Cancellation.never());
      assertThat(rows.values().get(0))
          .isEqualTo(List.of("256.0 MiB", 1L, folder.resolve("a/tmp").toString(), false));
    }
  }

  @Test
  void aClosedEngineRefusesWork() {
    Engine engine = start(folder.resolve("tmp"));
    Session session = engine.open(folder);
    session.query(new Select("SELECT 1"), 1, Cancellation.never());
    engine.close();
    engine.close();
    session.close();
    assertThatThrownBy(() -> engine.analyze(List.of("SELECT 1")))
        .isInstanceOf(IllegalStateException.class);
  }

  private static Engine start(Path temporary) {
    return new DuckDbProvider().start(new Settings(256L << 20, 1, temporary));
  }
}

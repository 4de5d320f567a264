package io.headrace.engine.duckdb;

import io.headrace.engine.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** What tests of one session need: it, its folder, and tables that it wrote. */
abstract class WithSession {
  @TempDir Path folder;
  Session session;
  Warehouse warehouse;

  @BeforeEach
  final void open() throws IOException {
    session = TestEngine.ENGINE.open(folder);
    // A name that SQL and globs would take for something else.
    warehouse = new Warehouse(session, Files.createDirectories(folder.resolve("data [1] it's")));
  }

  @AfterEach
  final void close() {
    session.close();
  }
}

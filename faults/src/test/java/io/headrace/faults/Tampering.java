package io.headrace.faults;

import io.headrace.catalog.Leases;
import io.headrace.catalog.Version;
import io.headrace.engine.Cancellation;
import io.headrace.engine.Query;
import io.headrace.engine.Session;
import io.headrace.plan.Resolver;
import io.headrace.table.Column;
import io.headrace.table.DataFile;
import io.headrace.table.TableData;
import io.headrace.table.TableName;
import io.headrace.table.TableStore;
import io.headrace.workspace.Workspace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Does to versions what nobody should. */
public final class Tampering {
  private Tampering() {}

  /**
   * Writes other rows over the one data file of the version that {@code main} points at.
   *
   * @param sql a query for them, which may read the table; of the same columns
   */
  public static void overwrite(TestProject project, String table, String sql) {
    try (Workspace workspace = project.open();
        Session session = workspace.engine().open(workspace.root())) {
      TableName name = TableName.parse(table);
      TableData data = workspace.tables().load(version(workspace, table).metadataLocation());
      session.bind(name, data);
      Path folder = TestProject.doing(() -> Files.createTempDirectory("headrace-tampering"));
      TableStore.Draft draft =
          new TableStore.Draft(name, Optional.empty(), data.schema(), List.of(), folder);
      List<DataFile> written = session.write(new Query.Select(sql), draft, Cancellation.never());
      TestProject.doing(
          () ->
              Files.move(
                  Path.of(written.get(0).path()),
                  onlyFile(data),
                  StandardCopyOption.REPLACE_EXISTING));
      TestProject.doing(() -> Files.deleteIfExists(folder));
    }
  }

  /**
   * Records rows as the version that the next run would build, so that it takes them for built.
   *
   * @param table one that reads no other
   * @param sql a query for the rows
   */
  public static void forge(Workspace workspace, String table, String sql) {
    TableName name = TableName.parse(table);
    Resolver.Resolved resolved =
        new TestRun()
            .plan(workspace).tasks().stream()
                .filter(task -> task.node().name().equals(name))
                .flatMap(task -> task.resolved().stream())
                .findFirst()
                .orElseThrow();
    TableStore tables = workspace.tables();
    try (Session session = workspace.engine().open(workspace.root())) {
      Query query = new Query.Select(sql);
      List<Column> columns = session.describe(query, Cancellation.never());
      TableStore.Draft draft = tables.draft(name, Optional.empty(), columns, List.of(), Map.of());
      List<DataFile> files = session.write(query, draft, Cancellation.never());
      String location = tables.commit(draft, files);
      TableData data = tables.load(location);
      Instant now = workspace.clock().instant();
      Version version =
          new Version(
              resolved.fingerprint(),
              name,
              location,
              data.rowCount(),
              data.sizeBytes(),
              now,
              "forger",
              resolved.recipe());
      Leases leases = workspace.catalog().leases();
      if (!leases.tryAcquire(version.id(), "forger", now, Duration.ofMinutes(1))
          || !workspace.catalog().versions().record(version.id(), version, "forger")) {
        throw new IllegalStateException("Cannot record " + version);
      }
      leases.release(version.id(), "forger");
    }
  }

  /** Deletes the one data file of the version that {@code main} points at. */
  public static void delete(Workspace workspace, String table) {
    TableData data = workspace.tables().load(version(workspace, table).metadataLocation());
    TestProject.doing(() -> Files.deleteIfExists(onlyFile(data)));
  }

  private static Version version(Workspace workspace, String table) {
    return workspace
        .catalog()
        .environments()
        .head("main")
        .version(TableName.parse(table))
        .flatMap(workspace.catalog().versions()::find)
        .orElseThrow();
  }

  private static Path onlyFile(TableData data) {
    if (data.files().size() != 1) {
      throw new IllegalStateException("Not one file: " + data.files());
    }
    return Path.of(data.files().get(0).path());
  }
}

package io.headrace.bench;

import io.headrace.catalog.Recipe;
import io.headrace.catalog.Version;
import io.headrace.catalog.sqlite.SqliteCatalog;
import io.headrace.engine.Cancellation;
import io.headrace.engine.EngineProvider;
import io.headrace.engine.Pause;
import io.headrace.graph.Graph;
import io.headrace.graph.Selection;
import io.headrace.iceberg.Disk;
import io.headrace.iceberg.IcebergTableStore;
import io.headrace.project.Project;
import io.headrace.run.RunRequest;
import io.headrace.run.RunResult;
import io.headrace.run.Runner;
import io.headrace.table.DataFile;
import io.headrace.table.TableData;
import io.headrace.table.TableStore;
import io.headrace.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.SplittableRandom;

/** A project that is run many times in this process, as a stream would be. */
final class InProcess implements AutoCloseable {
  private final Path root;
  private final Workspace workspace;

  /** Opens the project in {@code root}, whose folder is made. */
  InProcess(Path root, long memoryBytes) throws IOException {
    Files.createDirectories(root.resolve("tables"));
    Files.createDirectories(root.resolve("data"));
    this.root = root;
    Path state = Workspace.stateFolder(root);
    this.workspace =
        new Workspace(
            root,
            SqliteCatalog.open(state.resolve("catalog.db")),
            new IcebergTableStore(state.resolve("warehouse"), Disk.local()),
            ServiceLoader.load(EngineProvider.class).iterator().next(),
            () -> new EngineProvider.Settings(memoryBytes, 2, state.resolve("tmp")),
            Clock.systemUTC(),
            Optional.empty());
  }

  Path root() {
    return root;
  }

  Workspace workspace() {
    return workspace;
  }

  void write(String file, String text) throws IOException {
    Files.writeString(root.resolve(file), text);
  }

  /** Runs all of the project, which must publish. */
  RunResult run() throws IOException {
    Project project = workspace.readProject();
    Graph graph = workspace.buildGraph(project, Map.of());
    RunRequest request =
        new RunRequest(
            "main",
            Selection.of(graph, List.of()),
            Set.of(),
            Set.of(),
            2,
            RunRequest.PublishMode.ALL,
            "bench",
            "",
            Optional.empty(),
            Optional.empty(),
            false);
    RunResult result =
        new Runner(workspace, project, graph, new SplittableRandom(), Pause.REAL)
            .run(request, event -> {}, Cancellation.never());
    if (result.commit().isEmpty()) {
      throw new IOException("not published: " + result);
    }
    return result;
  }

  /** Records a version of files that are written, as a run would that built it. */
  Version record(TableStore.Draft draft, List<DataFile> files) {
    TableData data = new TableData(draft.schema(), draft.partitioning(), files);
    String id = "made-" + draft.table();
    Instant now = workspace.clock().instant();
    Version version =
        new Version(
            id,
            draft.table(),
            workspace.tables().commit(draft, files),
            data.rowCount(),
            data.sizeBytes(),
            now,
            "bench",
            new Recipe("", "", List.of(), List.of(), List.of()));
    workspace.catalog().leases().tryAcquire(version.id(), "bench", now, Duration.ofHours(1));
    workspace.catalog().versions().record(version.id(), version, "bench");
    return version;
  }

  @Override
  public void close() {
    workspace.close();
  }
}

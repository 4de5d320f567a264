package io.headrace.cli;

import io.headrace.catalog.sqlite.SqliteCatalog;
import io.headrace.engine.EngineProvider;
import io.headrace.engine.process.ProcessEngines;
import io.headrace.error.HeadraceException;
import io.headrace.error.UsageException;
import io.headrace.iceberg.Disk;
import io.headrace.iceberg.IcebergTableStore;
import io.headrace.identity.Hash;
import io.headrace.project.ProjectReader;
import io.headrace.server.runs.Revisions;
import io.headrace.workspace.Apart;
import io.headrace.workspace.OpeningCatalog;
import io.headrace.workspace.Workspace;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A command that works on a project. */
abstract class ProjectCommand implements Callable<Integer> {
  /** The part of the machine's memory that queries may use; the rest is for Java and others. */
  private static final double MEMORY_SHARE = 0.7;

  private final Console console;

  @Option(
      names = "-C",
      paramLabel = "DIR",
      description = "The project's folder (default: the nearest one upwards that has tables/)")
  private @Nullable Path folder;

  ProjectCommand(Console console) {
    this.console = console;
  }

  /** Does the command's work in an opened project. */
  abstract int run(Workspace workspace) throws Exception;

  @Override
  public Integer call() throws Exception {
    Optional<Path> named = folder();
    console.requireHere(
        named.isPresent(), "folder", "Leave it out: the server's address says which project");
    if (console.served().isPresent()) {
      Revisions revisions = console.served().get().project().revisions();
      try (Revisions.Use use = revisions.take(Optional.empty())) {
        return run(use.workspace());
      }
    }
    try (Workspace workspace = open(named)) {
      return run(workspace);
    }
  }

  final Console console() {
    return console;
  }

  /** The project's folder, if the user names one. Asked once: it may be taken off the arguments. */
  Optional<Path> folder() {
    return Optional.ofNullable(folder);
  }

  /** What queries may hold in memory, in bytes, if the user says. */
  OptionalLong memoryBytes() {
    return OptionalLong.empty();
  }

  private static long shareOfMemory() {
    var system =
        (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return (long) (system.getTotalMemorySize() * MEMORY_SHARE);
  }

  /** Opens the project in {@code named}, or the one that the user is in. */
  final Workspace open(Optional<Path> named) {
    return openAt(
        named.map(this::namedRoot).orElseGet(() -> ProjectReader.findRoot(console.folder())));
  }

  /** Opens the project whose state is in a folder. */
  final Workspace openAt(Path root) {
    Path state = Workspace.stateFolder(root);
    EngineProvider engine = ServiceLoader.load(EngineProvider.class).iterator().next();
    OptionalLong memory = memoryBytes();
    Supplier<EngineProvider.Settings> settings =
        () ->
            new EngineProvider.Settings(
                memory.orElseGet(ProjectCommand::shareOfMemory),
                Runtime.getRuntime().availableProcessors(),
                state.resolve("tmp"));
    CompletableFuture<Void> unused = CompletableFuture.runAsync(Hash::prepare);
    return new Workspace(
        root,
        new OpeningCatalog(() -> SqliteCatalog.open(state.resolve("catalog.db"))),
        new IcebergTableStore(state.resolve("warehouse"), Disk.local()),
        engine,
        settings,
        console.clock(),
        Optional.of(new Apart(new ProcessEngines(engine), isApartByDefault())));
  }

  /** Whether tasks that do not say it are computed in processes of their own. */
  boolean isApartByDefault() {
    return false;
  }

  private Path namedRoot(Path named) {
    Path root = console.folder().resolve(named).normalize();
    if (!Files.isDirectory(root)) {
      throw new UsageException(
          "Cannot open project '%s': no such folder".formatted(named),
          "Run `headrace init %s` to make a project there".formatted(named));
    }
    if (!Files.isDirectory(root.resolve("tables"))) {
      throw new UsageException(
          "Cannot open project '%s': it has no folder 'tables'".formatted(named),
          "Run `headrace init %s` to make a project there".formatted(named));
    }
    return root;
  }

  /** A refusal that names the table in question. */
  static HeadraceException unknownTable(String name, String hint) {
    return new UsageException("Unknown table '%s'".formatted(name), hint);
  }
}

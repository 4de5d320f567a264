package io.headrace.faults;

import static java.util.Objects.requireNonNull;

import io.headrace.catalog.Snapshot;
import io.headrace.catalog.sqlite.SqliteCatalog;
import io.headrace.catalog.sqlite.WatchedCatalog;
import io.headrace.engine.Cancellation;
import io.headrace.engine.Engine;
import io.headrace.engine.EngineProvider;
import io.headrace.iceberg.Disk;
import io.headrace.iceberg.IcebergTableStore;
import io.headrace.query.Reader;
import io.headrace.workspace.Apart;
import io.headrace.workspace.Workspace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/** A project in a folder of its own, edited and opened as a user would. */
public final class TestProject {
  private static final long MEMORY_BYTES = 256L << 20;

  private final Path root;

  /** A project in {@code root}, which is made. */
  public TestProject(Path root) {
    this.root = root.toAbsolutePath().normalize();
    doing(() -> Files.createDirectories(this.root.resolve("tables")));
  }

  /**
   * What a workspace is made of, where a test wants another part than usual.
   *
   * @param disk what tables are written with
   * @param commits is told of the commits of the database
   * @param memoryBytes what queries may hold
   * @param apart how tasks are computed in processes of their own, if they may be
   */
  public record Parts(
      Disk disk,
      WatchedCatalog.Watcher commits,
      EngineProvider engine,
      Clock clock,
      long memoryBytes,
      Optional<Apart> apart) {
    /** The usual parts. */
    public static final Parts USUAL =
        new Parts(
            Disk.local(),
            WatchedCatalog.Watcher.NONE,
            ServiceLoader.load(EngineProvider.class).iterator().next(),
            Clock.systemUTC(),
            MEMORY_BYTES,
            Optional.empty());

    /** The same with another clock. */
    public Parts with(Clock other) {
      return new Parts(disk, commits, engine, other, memoryBytes, apart);
    }

    /** The same with another disk and another watcher of commits. */
    public Parts with(Disk otherDisk, WatchedCatalog.Watcher watcher) {
      return new Parts(otherDisk, watcher, engine, clock, memoryBytes, apart);
    }

    /** The same with another engine. */
    public Parts with(EngineProvider other) {
      return new Parts(disk, commits, other, clock, memoryBytes, apart);
    }

    /** The same with tasks in processes of their own. */
    public Parts with(Optional<Apart> other) {
      return new Parts(disk, commits, engine, clock, memoryBytes, other);
    }
  }

  public Path root() {
    return root;
  }

  public Path state() {
    return Workspace.stateFolder(root);
  }

  public Path warehouse() {
    return state().resolve("warehouse");
  }

  /** Writes a file of the project. */
  public TestProject write(String file, String text) {
    doing(
        () -> {
          Path path = root.resolve(file);
          Files.createDirectories(requireNonNull(path.getParent()));
          return Files.writeString(path, text);
        });
    return this;
  }

  /** Writes the query of a table. */
  public TestProject table(String name, String sql) {
    return write("tables/" + name + ".sql", sql);
  }

  /** Takes a file of the project away. */
  public TestProject delete(String file) {
    doing(() -> Files.deleteIfExists(root.resolve(file)));
    return this;
  }

  public Workspace open() {
    return open(Parts.USUAL);
  }

  /** Opens the project with parts of the test's choice. */
  public Workspace open(Parts parts) {
    return new Workspace(
        root,
        WatchedCatalog.open(state().resolve("catalog.db"), parts.commits()),
        new IcebergTableStore(warehouse(), parts.disk()),
        parts.engine(),
        () -> new EngineProvider.Settings(parts.memoryBytes(), 2, state().resolve("tmp")),
        parts.clock(),
        parts.apart());
  }

  /** The same project and engine with a state of its own, in which nothing is built yet. */
  public static Workspace elsewhere(Workspace workspace, Path state) {
    return elsewhere(workspace, workspace.engine(), state);
  }

  /** The same project with a state of its own and another engine, which is not closed with it. */
  public static Workspace elsewhere(Workspace workspace, Engine engine, Path state) {
    doing(() -> Files.createDirectories(state));
    return new Workspace(
        workspace.root(),
        SqliteCatalog.open(state.resolve("catalog.db")),
        new IcebergTableStore(state.resolve("warehouse"), Disk.local()),
        new SharedEngine(Parts.USUAL.engine(), engine),
        workspace::engineSettings,
        workspace.clock(),
        Optional.empty());
  }

  /** The rows of a query on the head of an environment. */
  public static List<List<Object>> query(Workspace workspace, String environment, String sql) {
    return query(workspace, workspace.catalog().environments().head(environment), sql);
  }

  /** The rows of a query on one commit. */
  public static List<List<Object>> query(Workspace workspace, Snapshot snapshot, String sql) {
    try (Reader reader = new Reader(workspace, snapshot)) {
      return reader.query(sql, Long.MAX_VALUE, Cancellation.never()).values();
    }
  }

  /** The one value of a query on the head of {@code main}. */
  public static Object value(Workspace workspace, String sql) {
    return query(workspace, "main", sql).get(0).get(0);
  }

  /** Something that may fail for reasons of the machine's. */
  @FunctionalInterface
  interface FileWork<T> {
    T run() throws IOException;
  }

  static <T> T doing(FileWork<T> work) {
    try {
      return work.run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

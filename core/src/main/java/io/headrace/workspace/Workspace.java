package io.headrace.workspace;

import io.headrace.catalog.Catalog;
import io.headrace.conversion.ConvertingEngine;
import io.headrace.engine.Engine;
import io.headrace.engine.EngineProvider;
import io.headrace.error.HeadraceException;
import io.headrace.error.NearestWord;
import io.headrace.error.UsageException;
import io.headrace.graph.AnalysisCache;
import io.headrace.graph.Graph;
import io.headrace.graph.GraphBuilder;
import io.headrace.identity.FileIdentifier;
import io.headrace.project.Isolation;
import io.headrace.project.Parameter;
import io.headrace.project.Project;
import io.headrace.project.ProjectReader;
import io.headrace.project.Settings;
import io.headrace.sql.Analysis;
import io.headrace.table.TableStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An opened project. Safe for many threads; closing it closes its parts.
 *
 * <p>State is in the folder {@code .headrace} of the project.
 */
public final class Workspace implements AutoCloseable {
  private final Path root;
  private final Path home;
  private final Optional<String> revision;
  private final Optional<Workspace> owner;
  private final Catalog catalog;
  private final TableStore tables;
  private final EngineProvider engineProvider;
  private final Supplier<EngineProvider.Settings> engineSettings;
  private final Clock clock;
  private final Optional<Apart> apart;
  private @Nullable Connectors connectors;
  private @Nullable Engine engine;
  private @Nullable Scratch scratch;
  private boolean closed;

  /**
   * Takes the parts over; {@link #close()} closes the catalog and the engines.
   *
   * @param engineSettings asked when they are needed, as it takes long to find out about a machine
   * @param apart if empty, everything is computed in this process
   */
  public Workspace(
      Path root,
      Catalog catalog,
      TableStore tables,
      EngineProvider engineProvider,
      Supplier<EngineProvider.Settings> engineSettings,
      Clock clock,
      Optional<Apart> apart) {
    this.root = root;
    this.home = root;
    this.revision = Optional.empty();
    this.owner = Optional.empty();
    this.catalog = catalog;
    this.tables = tables;
    this.engineProvider = engineProvider;
    this.engineSettings = engineSettings;
    this.clock = clock;
    this.apart = apart;
  }

  private Workspace(Path root, String revision, Workspace owner) {
    this.root = root;
    this.home = owner.home;
    this.revision = Optional.of(revision);
    this.owner = Optional.of(owner);
    this.catalog = owner.catalog;
    this.tables = owner.tables;
    this.engineProvider = owner.engineProvider;
    this.engineSettings = owner.engineSettings;
    this.clock = owner.clock;
    this.apart = owner.apart;
  }

  /**
   * The same project with its files in another folder, which has one revision of them. It shares
   * all else with this one, which closes it.
   *
   * @param name of the revision
   */
  public Workspace at(Path folder, String name) {
    return new Workspace(folder, name, this);
  }

  /** Where a project keeps its state. */
  public static Path stateFolder(Path root) {
    return root.resolve(".headrace");
  }

  /** The folder that the project's files are in. */
  public Path root() {
    return root;
  }

  /** The folder that a user knows the project by: state, secrets and exports are there. */
  public Path home() {
    return home;
  }

  /** The revision of the files, if that has a name. */
  public Optional<String> revision() {
    return revision;
  }

  public Path stateFolder() {
    return stateFolder(home);
  }

  public Catalog catalog() {
    return catalog;
  }

  public TableStore tables() {
    return tables;
  }

  public Clock clock() {
    return clock;
  }

  public FileIdentifier fileIdentifier() {
    return new FileIdentifier(catalog.fileIdentities(), clock);
  }

  /** How the engine was or would be started; it spills below the temporary folder. */
  public EngineProvider.Settings engineSettings() {
    return engineSettings.get();
  }

  /** The engine, started at the first call. */
  public Engine engine() {
    return owner.isPresent() ? owner.get().engine() : ownEngine();
  }

  private synchronized Engine ownEngine() {
    if (closed) {
      throw new IllegalStateException("The workspace is closed");
    }
    if (engine == null) {
      EngineProvider.Settings settings = engineSettings();
      Scratch own = scratch(settings);
      engine =
          new ConvertingEngine(
              engineProvider.start(
                  new EngineProvider.Settings(
                      settings.memoryBytes(), settings.threads(), own.folder())),
              own.folder());
    }
    return engine;
  }

  /** Whether a task of which this is said is computed in a process of its own. */
  public boolean isApart(Optional<Isolation> wanted) {
    return apart.filter(a -> wanted.map(Isolation::isApart).orElse(a.byDefault())).isPresent();
  }

  /**
   * Starts an engine in a process of its own.
   *
   * @param wanted what is said of the process
   */
  public Engine startApart(Optional<Isolation> wanted) {
    if (owner.isPresent()) {
      return owner.get().startApart(wanted);
    }
    EngineProvider.Settings settings = engineSettings();
    long share = Math.max(settings.memoryBytes(), Isolation.LEAST_BYTES);
    long memory = wanted.map(Isolation::memoryBytes).orElse(OptionalLong.empty()).orElse(share);
    return apart
        .orElseThrow()
        .engines()
        .start(
            new EngineProvider.Settings(
                memory, settings.threads(), scratch(settings).folder().resolve("apart")));
  }

  private synchronized Scratch scratch(EngineProvider.Settings settings) {
    if (closed) {
      throw new IllegalStateException("The workspace is closed");
    }
    if (scratch == null) {
      scratch = Scratch.below(settings.temporaryFolder());
    }
    return scratch;
  }

  /** What reaches outside systems, found at the first call. */
  public synchronized Connectors connectors() {
    if (connectors == null) {
      connectors = new Connectors(home, stateFolder().resolve("exports"));
    }
    return connectors;
  }

  /**
   * A folder for temporary files, made and empty. Close it when they are not needed any more; if
   * the process dies before, the next {@code gc} takes it away.
   */
  public Scratch openScratch() {
    Scratch own = Scratch.below(engineSettings().temporaryFolder());
    try {
      Files.createDirectory(own.folder());
      return own;
    } catch (IOException e) {
      own.close();
      throw new HeadraceException(
          "Cannot make a folder for temporary files '%s': %s"
              .formatted(own.folder(), e.getMessage()),
          "Is the disk full, or the folder not writable?",
          e);
    }
  }

  /** Starts the engine in the background, if it will parse queries: that is, if none was before. */
  public void startEngineIfNew() {
    if (!Files.exists(analysisFile())) {
      startEngine();
    }
  }

  /** Starts the engine beside whatever else goes on. */
  public void startEngine() {
    Thread thread =
        new Thread(
            () -> {
              try {
                List<Analysis> unused = engine().analyze(List.of("SELECT 1"));
              } catch (HeadraceException | IllegalStateException e) {
                // Whoever needs the engine hears of it; nobody does once the workspace is closed.
              }
            },
            "headrace-engine-start");
    thread.setDaemon(true);
    thread.start();
  }

  private Path analysisFile() {
    return stateFolder().resolve("cache").resolve("analysis");
  }

  /** Reads the project's files. */
  public Project readProject() {
    return ProjectReader.read(root);
  }

  /** Reads what holds for all of the project, and not its tables. */
  public Settings readSettings() {
    return ProjectReader.readSettings(root);
  }

  /**
   * Builds the graph of the project.
   *
   * @param overrides values of parameters that replace their defaults
   * @throws UsageException if an override names no parameter of the project
   */
  public Graph buildGraph(Project project, Map<String, String> overrides) {
    Supplier<Engine> lazyEngine = this::engine;
    AnalysisCache cache =
        AnalysisCache.open(
            analysisFile(),
            engineProvider.analysisVersion(),
            statements -> lazyEngine.get().analyze(statements));
    return GraphBuilder.build(project, parameters(project, overrides), cache);
  }

  /** The parameters of a project with some values replaced. */
  public static SortedMap<String, Parameter> parameters(
      Project project, Map<String, String> overrides) {
    SortedMap<String, Parameter> parameters = new TreeMap<>(project.settings().parameters());
    overrides.forEach(
        (name, value) -> {
          Parameter declared = parameters.get(name);
          if (declared == null) {
            throw new UsageException(
                "Unknown parameter '%s'".formatted(name),
                NearestWord.hint(
                    name,
                    parameters.keySet(),
                    "Declare it in headrace.yaml: `parameters: {%s: %s}`".formatted(name, value)));
          }
          parameters.put(name, declared.with(name, value));
        });
    return parameters;
  }

  @Override
  public synchronized void close() {
    if (owner.isPresent()) {
      return;
    }
    closed = true;
    apart.ifPresent(a -> a.engines().close());
    if (engine != null) {
      engine.close();
      engine = null;
    }
    if (scratch != null) {
      scratch.close();
      scratch = null;
    }
    catalog.close();
  }
}

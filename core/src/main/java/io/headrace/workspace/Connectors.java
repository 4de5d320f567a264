package io.headrace.workspace;

import io.headrace.connector.Connector;
import io.headrace.connector.Position;
import io.headrace.connector.Publisher;
import io.headrace.connector.Secrets;
import io.headrace.connector.Source;
import io.headrace.connector.SourceSettings;
import io.headrace.connector.Target;
import io.headrace.connector.TargetSettings;
import io.headrace.engine.Cancellation;
import io.headrace.error.HeadraceException;
import io.headrace.project.Export;
import io.headrace.project.Task;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The connectors that are there, and what they reach for a project. Safe for many threads. */
public final class Connectors {
  private final Path root;
  private final Path memory;
  private final Map<String, Connector> byKind;
  private final Secrets secrets;

  /**
   * @param memory a folder for what outlives the process, which need not be there
   */
  Connectors(Path root, Path memory) {
    this.root = root;
    this.memory = memory;
    this.byKind =
        ServiceLoader.load(Connector.class).stream()
            .map(ServiceLoader.Provider::get)
            .collect(Collectors.toMap(Connector::kind, Function.identity()));
    this.secrets = new Secrets(root, System::getenv);
  }

  /**
   * Opens what a task reads. The caller closes it.
   *
   * @throws HeadraceException if it cannot be reached
   */
  public Source open(Task.External external) {
    return connector(external.kind())
        .open(
            new SourceSettings(
                root,
                external.connection(),
                external.settings(),
                external.columns(),
                external.others()),
            secrets);
  }

  /**
   * Opens what an export delivers to. The caller closes it.
   *
   * @throws HeadraceException if it cannot be reached
   */
  public Target open(Export.External external) {
    return connector(external.kind())
        .openTarget(
            new TargetSettings(
                root, memory, external.connection(), external.into(), external.settings()),
            secrets);
  }

  /**
   * Opens the system in which what a task reads is. The caller closes it.
   *
   * @throws HeadraceException if it takes no events
   */
  public Publisher openPublisher(Task.External external) {
    return connector(external.kind()).openPublisher(external.connection(), root, secrets);
  }

  private Connector connector(String kind) {
    Connector connector = byKind.get(kind);
    if (connector == null) {
      throw new HeadraceException(
          "Nothing here knows a '%s'".formatted(kind),
          "Put the connector for it on the class path");
    }
    return connector;
  }

  /**
   * How far the rows of a task's next version go, as of {@link Source#positions(List, boolean,
   * Cancellation)}.
   */
  public List<Position> positions(
      Task.External external, List<Position> known, boolean afresh, Cancellation cancel) {
    try (Source source = open(external)) {
      return source.positions(known, afresh, cancel);
    }
  }
}

package io.headrace.cli;

import io.headrace.catalog.Environment;
import io.headrace.catalog.Snapshot;
import io.headrace.catalog.Version;
import io.headrace.engine.Cancellation;
import io.headrace.engine.Query;
import io.headrace.engine.Session;
import io.headrace.engine.Sifting;
import io.headrace.error.UsageException;
import io.headrace.graph.Graph;
import io.headrace.graph.Node;
import io.headrace.project.Project;
import io.headrace.project.Task;
import io.headrace.query.Snapshots;
import io.headrace.run.RunRequest;
import io.headrace.run.RunRequest.PublishMode;
import io.headrace.sql.SqlNames;
import io.headrace.table.Column;
import io.headrace.table.TableData;
import io.headrace.table.TableName;
import io.headrace.workspace.Workspace;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code headrace replay}: take rejected rows again, after a fix. */
@Command(
    name = "replay",
    description =
        "Make a table and its rejected rows again from all rows of the inputs, after a fix, and publish both at once.",
    sortOptions = false)
final class ReplayCommand extends LongCommand {
  private static final TableName BEFORE = new TableName("headrace_replay", "before");
  private static final TableName NOW = new TableName("headrace_replay", "now");

  @Parameters(paramLabel = "TABLE", description = "The table")
  private String table = "";

  @Option(names = "--env", paramLabel = "NAME", description = "The environment (default: main)")
  private String environment = Environment.MAIN;

  @Option(
      names = "--param",
      paramLabel = "NAME=VALUE",
      description = "A parameter's value, instead of its default")
  private Map<String, String> parameters = new LinkedHashMap<>();

  @Option(
      names = {"-m", "--message"},
      paramLabel = "TEXT",
      description = "The commit's message")
  private String message = "";

  @Mixin private ReportOptions report = new ReportOptions();

  ReplayCommand(Console console) {
    super(console);
  }

  @Override
  int run(Workspace workspace) {
    Project project = workspace.readProject();
    Graph graph = workspace.buildGraph(project, parameters);
    Snapshots snapshots = new Snapshots(workspace.catalog().environments(), console().zone());
    Environment unused = snapshots.require(environment);
    TableName name = TableArgument.find(table, project.tasks().keySet());
    Task.Reject reject = reject(graph, name);
    Snapshot before = snapshots.head(environment);
    RunRequest request =
        new RunRequest(
            environment,
            Set.of(name),
            Set.of(name),
            Set.of(),
            Runtime.getRuntime().availableProcessors(),
            PublishMode.ALL,
            console().user(),
            message.isEmpty() ? "replay " + name : message,
            Optional.empty(),
            Optional.empty(),
            true);
    int code =
        report
            .output(console(), "replay " + name)
            .run(workspace, project, graph, request, cancel());
    if (code == 0 && !report.json()) {
      tell(workspace, reject, before, snapshots.head(environment));
    }
    return code;
  }

  /** How the table with the rejected rows of the named one, or the named one itself, is made. */
  private static Task.Reject reject(Graph graph, TableName name) {
    Node node = graph.find(name).orElseThrow();
    Node rejected =
        node.task().isOfRejected()
            ? node
            : graph.half(name).flatMap(graph::find).orElseThrow(() -> rejectsNothing(name));
    Task.Reject reject = rejected.task().configuration().reject().orElseThrow();
    return new Task.Reject(reject.sifting(), rejected.name(), reject.at());
  }

  private static UsageException rejectsNothing(TableName name) {
    return new UsageException(
        "Cannot replay '%s': it rejects no rows".formatted(name),
        "Build a table again with `headrace run --refresh=%s`".formatted(name));
  }

  private void tell(Workspace workspace, Task.Reject reject, Snapshot before, Snapshot now) {
    TableName rejected = reject.other();
    Optional<Version> old = version(workspace, before, rejected);
    Optional<Version> made = version(workspace, now, rejected);
    if (old.isEmpty() || made.isEmpty()) {
      return;
    }
    long left = made.get().rowCount();
    String counts =
        taken(workspace, reject.sifting(), old.get(), made.get())
            .map(
                taken ->
                    "%,d of %s taken".formatted(taken, Texts.count(old.get().rowCount(), "row")))
            .orElseGet(() -> "%s before".formatted(Texts.count(old.get().rowCount(), "row")));
    console().out().println("Replayed '%s': %s, %,d left".formatted(rejected, counts, left));
  }

  private static Optional<Version> version(
      Workspace workspace, Snapshot snapshot, TableName table) {
    return snapshot.version(table).flatMap(workspace.catalog().versions()::find);
  }

  /**
   * How many of the rows that were rejected are not any more. Of rows whose columns another query
   * computed nothing tells that.
   */
  private Optional<Long> taken(Workspace workspace, Sifting sifting, Version old, Version made) {
    TableData before = workspace.tables().load(old.metadataLocation());
    TableData now = workspace.tables().load(made.metadataLocation());
    List<String> columns = sifting.rejectedColumns();
    if (columns.isEmpty()) {
      if (!old.recipe().code().equals(made.recipe().code())) {
        return Optional.empty();
      }
      columns =
          now.schema().columns().stream()
              .map(Column::name)
              .filter(column -> !column.equals(Sifting.REASON))
              .toList();
    }
    String names = columns.stream().map(SqlNames::quote).collect(Collectors.joining(", "));
    String sql =
        "SELECT count(*) FROM (SELECT %1$s FROM %2$s EXCEPT ALL SELECT %1$s FROM %3$s) AS taken"
            .formatted(names, SqlNames.quote(BEFORE), SqlNames.quote(NOW));
    try (Session session = workspace.engine().open(workspace.root())) {
      session.bind(BEFORE, before);
      session.bind(NOW, now);
      @Nullable Object count =
          session.query(new Query.Select(sql), 1, Cancellation.never()).values().get(0).get(0);
      return count instanceof Number number ? Optional.of(number.longValue()) : Optional.empty();
    }
  }
}

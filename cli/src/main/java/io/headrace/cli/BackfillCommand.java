package io.headrace.cli;

import io.headrace.catalog.Environment;
import io.headrace.catalog.Runs.TaskRun;
import io.headrace.graph.Graph;
import io.headrace.project.Project;
import io.headrace.query.Snapshots;
import io.headrace.run.Backfill;
import io.headrace.run.BackfillPlan;
import io.headrace.run.BackfillPlan.Chunk;
import io.headrace.run.BackfillPlanner;
import io.headrace.run.RunRequest;
import io.headrace.run.RunRequest.PublishMode;
import io.headrace.server.json.Json;
import io.headrace.table.PartitionField;
import io.headrace.table.TableName;
import io.headrace.workspace.Workspace;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code headrace backfill}: compute some partitions of a table again, and keep the others. */
@Command(
    name = "backfill",
    description =
        "Compute a range of a table's partitions again, in chunks that are kept if it is stopped, and publish them at once.",
    sortOptions = false)
final class BackfillCommand extends LongCommand {
  @Parameters(paramLabel = "TABLE", description = "The table")
  private String table = "";

  @Option(
      names = "--from",
      paramLabel = "PARTITION",
      required = true,
      description = "The first partition: 2026, 2026-03, 2026-03-01, 2026-03-01T13:00, or a value")
  private String from = "";

  @Option(
      names = "--to",
      paramLabel = "PARTITION",
      required = true,
      description = "The last partition")
  private String to = "";

  @Option(names = "--env", paramLabel = "NAME", description = "The environment (default: main)")
  private String environment = Environment.MAIN;

  @Option(names = "--downstream", description = "Build what depends on the table too")
  private boolean downstream;

  @Option(
      names = "--param",
      paramLabel = "NAME=VALUE",
      description = "A parameter's value, instead of its default")
  private Map<String, String> parameters = new LinkedHashMap<>();

  @Option(
      names = {"-j", "--jobs"},
      paramLabel = "N",
      description = "How many chunks are computed at the same time (default: one for each core)")
  private int jobs = Runtime.getRuntime().availableProcessors();

  @Option(
      names = {"-m", "--message"},
      paramLabel = "TEXT",
      description = "The commit's message")
  private String message = "";

  @Option(
      names = "--dry-run",
      description = "Only say which chunks there are, and how long they may take")
  private boolean dryRun;

  @Mixin private ReportOptions report = new ReportOptions();

  BackfillCommand(Console console) {
    super(console);
  }

  @Override
  int run(Workspace workspace) {
    requireJobs(jobs);
    Project project = workspace.readProject();
    TableName name = TableArgument.find(table, project.tasks().keySet());
    Graph graph = workspace.buildGraph(project, parameters);
    Environment unused =
        new Snapshots(workspace.catalog().environments(), console().zone()).require(environment);
    Backfill backfill = new Backfill(name, from, to);
    BackfillPlan plan = new BackfillPlanner(workspace, graph).plan(request(Set.of(name), backfill));
    TaskRun last = workspace.catalog().runs().lastBuilds().get(name);
    Optional<Duration> estimate = Optional.ofNullable(last).flatMap(run -> estimate(run, plan));
    if (dryRun) {
      if (report.json()) {
        console().out().println(json(name, plan, estimate));
      } else {
        print(name, plan, estimate);
      }
      return 0;
    }
    if (!report.json() && !report.quiet()) {
      console().err().println(summary(name, plan, estimate));
    }
    Set<TableName> selected = downstream ? graph.downstream(List.of(name)) : Set.of(name);
    return report
        .output(console(), again())
        .run(workspace, project, graph, request(selected, backfill), cancel());
  }

  /** This command, in short. */
  private String again() {
    return "backfill %s --from %s --to %s".formatted(table, from, to);
  }

  private RunRequest request(Set<TableName> selected, Backfill backfill) {
    return new RunRequest(
        environment,
        selected,
        Set.of(backfill.table()),
        Set.of(),
        jobs,
        PublishMode.ALL,
        console().user(),
        message.isEmpty() ? again().replace("--", "") : message,
        Optional.empty(),
        Optional.of(backfill),
        false);
  }

  /** As long for a row as the last build took; nothing, if that made no rows. */
  private static Optional<Duration> estimate(TaskRun last, BackfillPlan plan) {
    return last.rowCount() == 0
        ? Optional.empty()
        : Optional.of(Duration.ofMillis(last.duration().toMillis() * rows(plan) / last.rowCount()));
  }

  private static long rows(BackfillPlan plan) {
    return plan.chunks().stream().mapToLong(Chunk::rows).sum();
  }

  private static String summary(TableName name, BackfillPlan plan, Optional<Duration> estimate) {
    long partitions = plan.chunks().stream().mapToLong(Chunk::partitions).sum();
    return "Backfill of %s, %s: %s in %s now, %s to compute%s"
        .formatted(
            name,
            plan.range(),
            Texts.count(rows(plan), "row"),
            Texts.count(partitions, "partition"),
            Texts.count(plan.chunks().size(), "chunk"),
            estimate.map(time -> ", about %s of work".formatted(Texts.duration(time))).orElse(""));
  }

  private void print(TableName name, BackfillPlan plan, Optional<Duration> estimate) {
    console().out().println(summary(name, plan, estimate));
    TextTable text = new TextTable("  ", "lrr");
    for (Chunk chunk : plan.chunks()) {
      text.row(
          chunk.range().toString(),
          Texts.count(chunk.partitions(), "partition"),
          Texts.count(chunk.rows(), "row"));
    }
    console().out().print(text);
    console().err().println("Nothing has changed yet");
  }

  private static String json(TableName name, BackfillPlan plan, Optional<Duration> estimate) {
    PartitionField field = plan.range().field();
    List<Object> chunks =
        plan.chunks().stream()
            .map(
                chunk ->
                    (Object)
                        Json.object(
                            "from", field.readable(chunk.range().from()),
                            "to", field.readable(chunk.range().to()),
                            "to_included", chunk.range().isClosed(),
                            "partitions", chunk.partitions(),
                            "rows", chunk.rows()))
            .toList();
    return Json.write(
        Json.object(
            "table", name,
            "partitioned_by", field.toString(),
            "chunks", chunks,
            "rows", rows(plan),
            "estimated_seconds", estimate.map(time -> (Object) (time.toMillis() / 1000.0))));
  }
}

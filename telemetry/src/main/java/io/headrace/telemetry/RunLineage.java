package io.headrace.telemetry;

import io.headrace.check.CheckOutcome;
import io.headrace.graph.Node;
import io.headrace.run.ObservedRun;
import io.headrace.run.RunEvent;
import io.headrace.run.RunObserver;
import io.headrace.run.TaskOutcome;
import io.headrace.table.TableName;
import io.openlineage.client.OpenLineage;
import io.openlineage.client.OpenLineage.JobFacetsBuilder;
import io.openlineage.client.OpenLineage.RunEvent.EventType;
import io.openlineage.client.OpenLineage.RunFacetsBuilder;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Lineage of a run, as OpenLineage has it: the run is a job, each table that is built in it is a
 * job below that, and each table is a dataset {@code ENVIRONMENT.TABLE} of the project.
 */
final class RunLineage implements RunObserver {
  private static final String INTEGRATION = "HEADRACE";

  private final OpenLineage model;
  private final LineageSender sender;
  private final ObservedRun run;
  private final Datasets datasets;
  private final String namespace;
  private final Map<TableName, List<CheckOutcome>> checks = new HashMap<>();
  private String id = "";
  private String environment = "";
  private boolean isOpen;

  RunLineage(ObservedRun run, Map<String, String> environment) {
    this.run = run;
    this.namespace = environment.getOrDefault("OPENLINEAGE_NAMESPACE", run.project());
    this.model = new OpenLineage(LineageSender.PRODUCER);
    this.sender = new LineageSender(environment);
    this.datasets = new Datasets(model, run, namespace);
  }

  @Override
  public void accept(RunEvent event) {
    if (event instanceof RunEvent.Started started && !isOpen) {
      id = started.run();
      environment = started.environment();
      isOpen = true;
      sender.send(runEvent(EventType.START, ""));
    } else if (event instanceof RunEvent.TaskStarted task) {
      checks.remove(task.table());
      sender.send(taskEvent(EventType.START, task.table(), "", List.of()));
    } else if (event instanceof RunEvent.CheckFinished check) {
      check
          .outcome()
          .check()
          .table()
          .ifPresent(
              table -> checks.computeIfAbsent(table, t -> new ArrayList<>()).add(check.outcome()));
    } else if (event instanceof RunEvent.TaskFinished finished) {
      finished(finished.outcome());
    } else if (event instanceof RunEvent.Finished finished) {
      isOpen = false;
      boolean isGood = finished.result().isGood();
      sender.send(
          runEvent(
              isGood ? EventType.COMPLETE : EventType.FAIL,
              isGood ? "" : "nothing was published, or not all of it"));
    }
  }

  private void finished(TaskOutcome outcome) {
    TableName table = outcome.table();
    switch (outcome.kind()) {
      case BUILT, SAME -> {
        OpenLineage.OutputDataset output = datasets.output(environment, outcome);
        sender.send(taskEvent(EventType.COMPLETE, table, "", List.of(output)));
      }
      case FAILED -> sender.send(taskEvent(EventType.FAIL, table, outcome.message(), List.of()));
      case REUSED, SKIPPED -> {
        // Nothing was done, so there is nothing to tell.
      }
    }
    List<CheckOutcome> said = checks.remove(table);
    if (said != null) {
      boolean isGood = said.stream().noneMatch(CheckOutcome::blocks);
      sender.send(checkEvent(isGood ? EventType.COMPLETE : EventType.FAIL, table, said));
    }
  }

  /** Checks are a job of their own, which reads the table. */
  private OpenLineage.RunEvent checkEvent(
      EventType type, TableName table, List<CheckOutcome> outcomes) {
    RunFacetsBuilder facets = facets("");
    facets.parent(parent());
    return event(
        type,
        model.newRun(uuid("checks " + table), facets.build()),
        model.newJob(namespace, jobName() + "." + table + ".checks", jobFacets("CHECK").build()),
        List.of(datasets.checked(environment, table, outcomes)),
        List.of());
  }

  private OpenLineage.ParentRunFacet parent() {
    return model
        .newParentRunFacetBuilder()
        .run(model.newParentRunFacetRun(uuid("run")))
        .job(model.newParentRunFacetJob(namespace, jobName()))
        .build();
  }

  private OpenLineage.RunEvent runEvent(EventType type, String error) {
    return event(
        type,
        model.newRun(uuid("run"), facets(error).build()),
        model.newJob(namespace, jobName(), jobFacets("RUN").build()),
        List.of(),
        List.of());
  }

  private OpenLineage.RunEvent taskEvent(
      EventType type, TableName table, String error, List<OpenLineage.OutputDataset> outputs) {
    Node node = run.graph().find(table).orElseThrow();
    JobFacetsBuilder job = jobFacets("TASK");
    if (!node.sql().isEmpty()) {
      job.sql(model.newSQLJobFacet(node.sql()));
    }
    String description = node.task().configuration().description();
    if (!description.isEmpty()) {
      job.documentation(model.newDocumentationJobFacet(description));
    }
    RunFacetsBuilder facets = facets(error);
    facets.parent(parent());
    return event(
        type,
        model.newRun(uuid("task " + table), facets.build()),
        model.newJob(namespace, jobName() + "." + table, job.build()),
        datasets.inputs(environment, node),
        outputs);
  }

  private OpenLineage.RunEvent event(
      EventType type,
      OpenLineage.Run of,
      OpenLineage.Job job,
      List<OpenLineage.InputDataset> inputs,
      List<OpenLineage.OutputDataset> outputs) {
    ZonedDateTime now = run.workspace().clock().instant().atZone(ZoneOffset.UTC);
    return model.newRunEvent(now, type, of, job, inputs, outputs);
  }

  private String jobName() {
    return run.project() + "." + environment;
  }

  private JobFacetsBuilder jobFacets(String type) {
    return model
        .newJobFacetsBuilder()
        .jobType(model.newJobTypeJobFacet("BATCH", INTEGRATION, type));
  }

  private RunFacetsBuilder facets(String error) {
    RunFacetsBuilder facets = model.newRunFacetsBuilder();
    facets.processing_engine(model.newProcessingEngineRunFacet("1", "Headrace", null));
    if (!error.isEmpty()) {
      facets.errorMessage(model.newErrorMessageRunFacet(error, "SQL", null));
    }
    return facets;
  }

  /** The same for the same part of the same run, whoever asks. */
  private UUID uuid(String part) {
    String name = "%s %s %s".formatted(run.project(), id, part);
    return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    if (isOpen) {
      sender.send(runEvent(EventType.ABORT, "it ended before its end"));
    }
    datasets.close();
    sender.close();
  }
}

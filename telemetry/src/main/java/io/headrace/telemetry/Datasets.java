package io.headrace.telemetry;

import io.headrace.check.CheckOutcome;
import io.headrace.engine.Session.ColumnReference;
import io.headrace.error.HeadraceException;
import io.headrace.graph.Node;
import io.headrace.lineage.Lineage;
import io.headrace.plan.Schemas;
import io.headrace.run.ObservedRun;
import io.headrace.run.TaskOutcome;
import io.headrace.table.Column;
import io.headrace.table.TableName;
import io.openlineage.client.OpenLineage;
import io.openlineage.client.OpenLineage.DatasetFacetsBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** Describes tables as datasets. Not for several threads at the same time. */
final class Datasets implements AutoCloseable {
  private final OpenLineage model;
  private final ObservedRun run;
  private final String namespace;
  private @Nullable Schemas schemas;
  private @Nullable Lineage lineage;

  Datasets(OpenLineage model, ObservedRun run, String namespace) {
    this.model = model;
    this.run = run;
    this.namespace = namespace;
  }

  private static String name(String environment, Object table) {
    return environment + "." + table;
  }

  /** The tables that a task reads, and the files. */
  List<OpenLineage.InputDataset> inputs(String environment, Node node) {
    List<OpenLineage.InputDataset> inputs = new ArrayList<>();
    for (TableName input : node.inputs()) {
      inputs.add(model.newInputDataset(namespace, name(environment, input), null, null));
    }
    for (String glob : node.globs()) {
      String path = run.workspace().root().resolve(glob).normalize().toString();
      inputs.add(model.newInputDataset("file", path, null, null));
    }
    return inputs;
  }

  /** The table that a task made. */
  OpenLineage.OutputDataset output(String environment, TaskOutcome outcome) {
    DatasetFacetsBuilder facets = model.newDatasetFacetsBuilder();
    outcome
        .version()
        .ifPresent(
            version -> {
              facets.version(model.newDatasetVersionDatasetFacet(version));
              schema(version, facets);
            });
    columnLineage(environment, outcome.table(), facets);
    return model.newOutputDataset(
        namespace,
        name(environment, outcome.table()),
        facets.build(),
        model
            .newOutputDatasetOutputFacetsBuilder()
            .outputStatistics(
                model.newOutputStatisticsOutputDatasetFacet(
                    outcome.rowCount(), outcome.sizeBytes(), null))
            .build());
  }

  /** A table, with what its checks said of it. */
  OpenLineage.InputDataset checked(
      String environment, TableName table, List<CheckOutcome> outcomes) {
    return model.newInputDataset(
        namespace,
        name(environment, table),
        null,
        model
            .newInputDatasetInputFacetsBuilder()
            .dataQualityAssertions(
                model.newDataQualityAssertionsDatasetFacet(
                    outcomes.stream()
                        .map(
                            outcome ->
                                model.newDataQualityAssertionsDatasetFacetAssertions(
                                    outcome.check().title(), outcome.passed(), null))
                        .toList()))
            .build());
  }

  private void schema(String version, DatasetFacetsBuilder facets) {
    run.workspace()
        .catalog()
        .versions()
        .find(version)
        .ifPresent(
            found -> {
              List<Column> columns =
                  run.workspace().tables().load(found.metadataLocation()).schema().columns();
              facets.schema(
                  model.newSchemaDatasetFacet(
                      columns.stream()
                          .map(
                              column ->
                                  model.newSchemaDatasetFacetFields(
                                      column.name(), column.type().toString(), null, null))
                          .toList()));
            });
  }

  /** Where its columns come from, if that can be told of its query. */
  private void columnLineage(String environment, TableName table, DatasetFacetsBuilder facets) {
    SortedMap<String, Set<ColumnReference>> columns;
    try {
      columns = lineage().columns(table);
    } catch (HeadraceException e) {
      return;
    }
    OpenLineage.ColumnLineageDatasetFacetFieldsBuilder fields =
        model.newColumnLineageDatasetFacetFieldsBuilder();
    boolean isKnown = false;
    for (Map.Entry<String, Set<ColumnReference>> column : columns.entrySet()) {
      if (!column.getValue().isEmpty()) {
        isKnown = true;
        fields.put(
            column.getKey(),
            model.newColumnLineageDatasetFacetFieldsAdditional(
                column.getValue().stream()
                    .sorted()
                    .map(
                        from ->
                            model.newInputField(
                                namespace, name(environment, from.table()), from.column(), null))
                    .toList(),
                null,
                null));
      }
    }
    if (isKnown) {
      facets.columnLineage(model.newColumnLineageDatasetFacet(fields.build(), null));
    }
  }

  private Lineage lineage() {
    if (lineage == null) {
      schemas = new Schemas(run.workspace(), run.graph());
      lineage = new Lineage(run.workspace(), run.graph(), schemas);
    }
    return lineage;
  }

  @Override
  public void close() {
    if (schemas != null) {
      schemas.close();
    }
  }
}

package io.headrace.catalog;

import static java.util.Objects.requireNonNull;

import io.headrace.table.TableName;
import java.time.Instant;

/**
 * One immutable result of a task.
 *
 * @param id the fingerprint that first built it
 * @param metadataLocation where the table store keeps it; a {@link Rewrite} gives the same rows
 *     another place
 * @param sizeBytes of the files there
 * @param run the run that built it
 * @param recipe what it is a function of
 */
public record Version(
    String id,
    TableName table,
    String metadataLocation,
    long rowCount,
    long sizeBytes,
    Instant createdAt,
    String run,
    Recipe recipe) {
  public Version {
    requireNonNull(id, "id is null");
    requireNonNull(table, "table is null");
    requireNonNull(metadataLocation, "metadataLocation is null");
    requireNonNull(createdAt, "createdAt is null");
    requireNonNull(run, "run is null");
    requireNonNull(recipe, "recipe is null");
  }
}

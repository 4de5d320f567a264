package io.headrace.catalog;

import static java.util.Objects.requireNonNull;

import io.headrace.table.TableName;

/**
 * A slice of a table that was computed by itself, on the way to a version.
 *
 * @param fingerprint covers all that its rows are a function of
 * @param metadataLocation where the table store keeps it
 */
public record Part(String fingerprint, TableName table, String metadataLocation, long rowCount) {
  public Part {
    requireNonNull(fingerprint, "fingerprint is null");
    requireNonNull(table, "table is null");
    requireNonNull(metadataLocation, "metadataLocation is null");
  }
}

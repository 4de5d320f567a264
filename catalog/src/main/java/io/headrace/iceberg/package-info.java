/**
 * Tables as Apache Iceberg keeps them, on a local disk and without Hadoop: every version is a
 * metadata file of its own, with one snapshot of exactly the version's files.
 *
 * <p>Start at {@link io.headrace.iceberg.IcebergTableStore}. May use {@code table} and {@code
 * error}. Knows no database: which version is current is for the catalog to say.
 */
@NullMarked
package io.headrace.iceberg;

import org.jspecify.annotations.NullMarked;

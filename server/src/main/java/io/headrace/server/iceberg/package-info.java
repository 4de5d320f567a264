/**
 * Tables for programs that read Iceberg: a read-only REST catalog of each environment.
 *
 * <p>Start at {@link io.headrace.server.iceberg.IcebergCatalog}. It hands out metadata files as
 * they are, so it needs no library of Iceberg. May use {@code server.route} for what a route is,
 * {@code server.access} for what somebody sees, {@code server.runs}, {@code server.json} and the
 * core.
 */
@NullMarked
package io.headrace.server.iceberg;

import org.jspecify.annotations.NullMarked;

package io.headrace.catalog;

import io.headrace.table.TableName;
import java.time.Instant;
import java.util.List;

/**
 * Remembers which versions had their rows written to other files. As long as a rewrite is
 * remembered, both its locations and all their files are there.
 */
public interface Rewrites {

  /**
   * Points the version to the new location, if it is still at the old one. Durable when this
   * returns.
   *
   * @param sizeBytes of the new files
   * @return whether it was done; false if somebody else was first or the version is gone, and then
   *     nothing points at the new location
   */
  boolean record(Rewrite rewrite, long sizeBytes);

  /** The rewrites of a table at or after {@code since}, newest first. */
  List<Rewrite> of(TableName table, Instant since);

  /** All of them, in no order that means anything. */
  List<Rewrite> all();

  /**
   * Forgets the rewrites from before {@code keepSince}, unless a run is alive, which may be reading
   * the old files.
   *
   * @param dryRun only say which
   * @return those that were (or would be) forgotten
   */
  List<Rewrite> collect(Instant keepSince, Instant now, boolean dryRun);
}

package io.headrace.catalog;

import io.headrace.table.TableName;
import java.util.List;
import java.util.Optional;

/** Remembers what was counted in versions, as long as those are there. */
public interface Measurements {

  /** What is known of a version; empty if it is not there. */
  Optional<Measurement> find(String version);

  /** Replaces what was counted in a version; does nothing if it is not there. */
  void record(String version, Measurement measurement);

  /**
   * The versions of a table that an environment or {@code main} ever pointed at, oldest first. Of
   * those in which nothing was counted the rows are known.
   *
   * @param before a version: only what was published before it was, if ever
   * @param limit how many of the newest
   */
  List<Measurement> history(TableName table, String environment, String before, int limit);
}

package io.headrace.catalog;

import io.headrace.table.TableName;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.function.BiFunction;

/** Puts versions with fewer rows in the place of others, everywhere and at once. */
public interface Erasures {

  /**
   * Makes the replacements: environments, their history, pins and fingerprints that named the old
   * version name the new one, and the old one is forgotten. Recipes of the tables name the new
   * versions as inputs, under a fingerprint of their own, so that these tables are not built again;
   * those of other tables go on naming what is gone. Rewrites and parts of the tables are
   * forgotten, and why tasks of any run failed. Durable when this returns.
   *
   * @param fingerprint names a build of a table by what it is a function of
   * @throws io.headrace.error.ConflictException if a run is alive, a lease is held, or the tables
   *     have other versions or files than were seen; nothing was written
   * @throws io.headrace.error.OutcomeUnknownException if the write may have happened
   */
  void apply(
      Replacements replacements, BiFunction<TableName, Recipe, String> fingerprint, Instant now);

  /**
   * What is replaced.
   *
   * @param tables whose versions were looked at
   * @param seen all of their versions
   * @param replaced those of them that change
   */
  record Replacements(
      Collection<TableName> tables, List<Version> seen, List<Replacement> replaced) {
    public Replacements {
      tables = List.copyOf(tables);
      seen = List.copyOf(seen);
      replaced = List.copyOf(replaced);
    }
  }

  /**
   * A version that takes another's place.
   *
   * @param before id of the one that goes
   */
  record Replacement(String before, Version after) {}
}

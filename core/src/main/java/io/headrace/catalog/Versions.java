package io.headrace.catalog;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps versions and which fingerprint gave which. Several fingerprints may lead to one version: a
 * change of code that changed no row.
 */
public interface Versions {

  Optional<Version> find(String id);

  /** The versions that are there, by id. */
  Map<String, Version> findAll(Collection<String> ids);

  /** The id of the version that a fingerprint leads to, or empty if it was never built. */
  Optional<String> findBuilt(String fingerprint);

  /**
   * For the versions that a commit points at: the fingerprints that lead to them, as version by
   * fingerprint. One read for a whole plan.
   */
  Map<String, String> builtAt(Snapshot snapshot);

  /**
   * Records a finished build: the version, and that {@code fingerprint} leads to it from now on.
   * Its files are durable already.
   *
   * @param leaseOwner who holds the lease on the fingerprint; recorded only if still held
   * @return whether it was recorded; false if the lease was lost to another, whose result counts
   */
  boolean record(String fingerprint, Version version, String leaseOwner);

  /** Records that {@code fingerprint} leads to a version that is there, with the recipe it has. */
  boolean recordSame(String fingerprint, String version, Recipe recipe, String leaseOwner);

  /** The versions of a table that are there, newest first. */
  List<Version> history(String table, int limit);

  /** All versions there are. */
  List<Version> all();

  /** The recipes that lead to a version; empty if it is not there. */
  List<Recipe> recipes(String version);

  /** The recipe with which a fingerprint was built. */
  Optional<Recipe> recipe(String fingerprint);

  /**
   * Forgets the versions that nothing reaches: no environment's history since {@code keepSince}, no
   * head, no pin, no run that is live, no lease.
   *
   * @param dryRun only say which
   * @return the versions that were (or would be) forgotten
   */
  List<Version> collect(java.time.Instant keepSince, java.time.Instant now, boolean dryRun);
}

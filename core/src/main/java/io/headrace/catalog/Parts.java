package io.headrace.catalog;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Keeps parts: what a run has finished of a version before the version is, so that a run that is
 * killed or fails loses none of it. Nobody reads a part but the run that makes the version of it. A
 * part outlives its version for a while; the data files that the version took over stay as long as
 * that does.
 */
public interface Parts {

  /**
   * Finds parts by fingerprint, and says that a run uses them: they are kept as long as it is live,
   * and for a while after that.
   */
  Map<String, Part> use(Collection<String> fingerprints, String run, Instant now);

  /**
   * Records a finished part, instead of one of the same fingerprint. Its files are durable already.
   *
   * @param run that made it, and holds the lease on the fingerprint
   * @return whether it was recorded; false if the lease was lost to another
   */
  boolean record(Part part, String run, Instant now);

  /** Forgets parts whose version is there, so that they are not taken for another. */
  void forget(Collection<String> fingerprints);

  /** All parts there are. */
  List<Part> all();

  /**
   * Forgets the parts that no run has used since {@code usedSince}, no live run uses and nobody
   * holds the lease of.
   *
   * @param dryRun only say which
   * @return the parts that were (or would be) forgotten
   */
  List<Part> collect(Instant usedSince, Instant now, boolean dryRun);
}

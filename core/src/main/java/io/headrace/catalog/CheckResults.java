package io.headrace.catalog;

import java.util.Collection;
import java.util.Map;

/** Remembers what checks said, by the fingerprint of the check and of all that it looked at. */
public interface CheckResults {

  /** The results that are known, by fingerprint. */
  Map<String, CheckResult> findAll(Collection<String> fingerprints);

  void record(Collection<CheckResult> results);

  /**
   * What one check said.
   *
   * @param fingerprint covers the check's code and the versions it looked at
   * @param failures how many rows break the rule
   */
  record CheckResult(String fingerprint, boolean passed, long failures) {}
}

package io.headrace.plan;

import static java.util.Objects.requireNonNull;

import io.headrace.catalog.CheckResults;
import io.headrace.catalog.CheckResults.CheckResult;
import io.headrace.fingerprint.Recipes;
import io.headrace.graph.CheckNode;
import io.headrace.table.TableName;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** Tells which checks have to be asked: what one said of the same versions before is known. */
public final class UnknownChecks {
  private UnknownChecks() {}

  /**
   * Those of the checks that are not known to hold.
   *
   * @param versions version by table, for all that they read
   */
  public static List<CheckNode> of(
      Collection<CheckNode> checks, Map<TableName, String> versions, CheckResults results) {
    if (checks.isEmpty()) {
      return List.of();
    }
    // By identity: two checks are never equal, as each has its place.
    IdentityHashMap<CheckNode, String> fingerprints = new IdentityHashMap<>();
    checks.forEach(check -> fingerprints.put(check, Recipes.fingerprint(check, versions)));
    Map<String, CheckResult> known = results.findAll(fingerprints.values());
    return checks.stream()
        .filter(
            check -> {
              CheckResult result = known.get(requireNonNull(fingerprints.get(check)));
              return !check.isRepeatable() || result == null || !result.passed();
            })
        .toList();
  }
}

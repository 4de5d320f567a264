package io.headrace.catalog.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.catalog.CheckResults;
import io.headrace.catalog.CheckResults.CheckResult;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What every {@link CheckResults} must do. */
abstract class CheckResultsContract extends CatalogContract {

  @Test
  void resultsAreFoundByFingerprint() {
    CheckResult passed = new CheckResult("f1", true, 0);
    CheckResult failed = new CheckResult("f2", false, 12);
    catalog.checkResults().record(List.of(passed, failed));
    catalog.checkResults().record(List.of());
    assertThat(reopen().checkResults().findAll(List.of("f2", "f1", "f3")))
        .isEqualTo(Map.of("f1", passed, "f2", failed));
  }

  @Test
  void theLastWordCounts() {
    catalog.checkResults().record(List.of(new CheckResult("f", false, 3)));
    catalog.checkResults().record(List.of(new CheckResult("f", true, 0)));
    assertThat(catalog.checkResults().findAll(List.of("f")))
        .isEqualTo(Map.of("f", new CheckResult("f", true, 0)));
  }
}

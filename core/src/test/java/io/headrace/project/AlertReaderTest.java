package io.headrace.project;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.error.Problem;
import io.headrace.error.Problems;
import io.headrace.yaml.YamlDocument;
import org.junit.jupiter.api.Test;

class AlertReaderTest {
  @Test
  void whoWritesNoFreshnessIsToldOfUsual() {
    Problems problems = new Problems();
    var value = YamlDocument.parse("headrace.yaml", "orders: often", 1, problems).orElseThrow();
    assertThat(AlertReader.freshness(value)).isEmpty();
    assertThat(problems.list()).hasSize(1);
    Problem problem = problems.list().get(0);
    assertThat(problem.hint()).endsWith("2h or 1d, or usual");
  }
}

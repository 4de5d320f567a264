package io.headrace.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.engine.Cancellation;
import io.headrace.faults.TestProject;
import io.headrace.faults.TestRun;
import io.headrace.query.Distribution.Bar;
import io.headrace.table.TableName;
import io.headrace.workspace.Workspace;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DistributionTest {
  private static final TableName TABLE = TableName.parse("t");

  @TempDir Path folder;

  /** The distribution of each column of a query's rows. */
  private Map<String, Optional<Distribution>> of(String sql) {
    TestProject project = new TestProject(folder.resolve("project")).table("t", sql);
    try (Workspace workspace = project.open()) {
      TestRun.of(workspace);
      try (Reader reader = new Reader(workspace, workspace.catalog().environments().head("main"))) {
        Map<String, Optional<Distribution>> all = new LinkedHashMap<>();
        Profile.of(reader, TABLE, Cancellation.never())
            .forEach(
                column ->
                    all.put(
                        column.name(),
                        Distribution.of(reader, TABLE, column, Cancellation.never())));
        return all;
      }
    }
  }

  private static Distribution of(Map<String, Optional<Distribution>> all, String column) {
    return Optional.ofNullable(all.get(column)).flatMap(found -> found).orElseThrow();
  }

  private static long rows(Distribution distribution) {
    return distribution.bars().stream().mapToLong(Bar::rows).sum();
  }

  @Test
  void numbersAndMomentsFallIntoRangesThatCoverAllOfThem() {
    Map<String, Optional<Distribution>> all =
        of(
            """
            SELECT range AS n, range / 7 AS x, (range * range)::DECIMAL(18, 2) AS d,
                   DATE '2026-01-01' + range::INT AS day, TIMESTAMP '2026-01-01' + to_hours(range) AS at
            FROM range(240)""");
    all.forEach(
        (name, distribution) -> {
          assertThat(distribution.orElseThrow().isRange()).as(name).isTrue();
          assertThat(rows(distribution.orElseThrow())).as(name).isEqualTo(240);
        });
    assertThat(of(all, "n").bars().get(0)).isEqualTo(new Bar("0", 10));
    assertThat(of(all, "day").bars().get(0).label()).startsWith("2026-01-01");
    assertThat(of(all, "d").bars().get(0).rows()).isGreaterThan(40);
  }

  @Test
  void whatIsNoNumberIsLeftOut() {
    Map<String, Optional<Distribution>> all =
        of(
            """
            SELECT CASE WHEN range = 0 THEN 'infinity'::DOUBLE WHEN range = 1 THEN 'nan'::DOUBLE
                        WHEN range = 2 THEN NULL ELSE range END AS x FROM range(50)""");
    assertThat(rows(of(all, "x"))).isEqualTo(47);
  }

  @Test
  void fewValuesAreCountedTheMostFrequentFirst() {
    Map<String, Optional<Distribution>> all =
        of(
            """
            SELECT CASE WHEN range < 6 THEN 'a' WHEN range < 9 THEN 'b' END AS s, range < 2 AS b,
                   1 AS same, range::VARCHAR || 'k' AS many, [range] AS list, NULL::INT AS nothing
            FROM range(2000)""");
    assertThat(of(all, "s").bars()).isEqualTo(List.of(new Bar("a", 6), new Bar("b", 3)));
    assertThat(of(all, "b").bars().get(0)).isEqualTo(new Bar("false", 1998));
    assertThat(of(all, "same").bars()).isEqualTo(List.of(new Bar("1", 2000)));
    assertThat(all.get("many")).isEmpty();
    assertThat(all.get("list")).isEmpty();
    assertThat(all.get("nothing")).isEmpty();
  }
}

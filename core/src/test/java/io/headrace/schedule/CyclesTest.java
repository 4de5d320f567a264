package io.headrace.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.schedule.Cycles.Member;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CyclesTest {
  private static Member member(String name, Watch watch, String environment, String... select) {
    int slash = name.indexOf('/');
    return new Member(
        name.substring(0, Math.max(0, slash)),
        new Schedule(
            name.substring(slash + 1),
            "",
            new Trigger.OnTables(List.of(watch), Duration.ZERO, Duration.ZERO),
            Optional.empty(),
            List.of(select),
            environment,
            new TreeMap<>(),
            CatchUp.LAST,
            Schedule.DEFAULT_POOL,
            0,
            Optional.empty()));
  }

  private static Member member(String name, String watched, String... select) {
    return member(name, new Watch(Optional.empty(), "main", List.of(watched)), "main", select);
  }

  private static Watch of(String project, String table) {
    return new Watch(Optional.of(project), "main", List.of(table));
  }

  private static Optional<String> cycle(Member... members) {
    return Cycles.find(List.of(members)).map(Cycles::text);
  }

  @Test
  void aChainIsNoCycle() {
    assertThat(
            cycle(
                member("a", "raw.*", "marts.*"),
                member("b", "marts.*", "reports.*"),
                member("c", "reports.x", "y")))
        .isEmpty();
  }

  @Test
  void oneThatTriggersItselfIsNone() {
    assertThat(cycle(member("a", "raw.*"))).isEmpty();
  }

  @Test
  void aCycleIsNamedFromWhereItBegins() {
    assertThat(
            cycle(
                member("first", "x", "a1"),
                member("a", "a*", "b"),
                member("b", "b", "c"),
                member("c", "c", "a2")))
        .contains("a -> b -> c -> a");
  }

  @Test
  void whatSelectsAnythingMayPublishAnything() {
    assertThat(cycle(member("a", "x", "y+"), member("b", "y", "tag:daily")))
        .contains("a -> b -> a");
    assertThat(cycle(member("a", "x"), member("b", "y"))).contains("a -> b -> a");
  }

  @Test
  void environmentsAreApart() {
    Watch dev = new Watch(Optional.empty(), "dev", List.of("*"));
    assertThat(cycle(member("a", "x"), member("b", dev, "main"))).isEmpty();
    assertThat(cycle(member("a", dev, "main"), member("b", "x"))).isEmpty();
  }

  @Test
  void projectsMayBeInACycle() {
    assertThat(
            cycle(
                member("shop/a", of("marts", "y"), "main", "x"),
                member("marts/b", of("shop", "x"), "main", "y")))
        .contains("shop/a -> marts/b -> shop/a");
    assertThat(cycle(member("shop/a", of("marts", "y"), "main", "x"), member("marts/b", "x", "y")))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "a, a, true",
    "a, b, false",
    "a*, ab, true",
    "a*, b*, false",
    "*a, b*, true",
    "a*c, ab*, true",
    "a*c, b*c, false",
    "a, a*, true",
    "raw.*, raw, false",
    "*, anything, true",
  })
  void patternsOverlapIfOneNameMayMatchBoth(String one, String other, boolean overlap) {
    assertThat(Cycles.overlap(one, other)).isEqualTo(overlap);
    assertThat(Cycles.overlap(other, one)).isEqualTo(overlap);
  }
}

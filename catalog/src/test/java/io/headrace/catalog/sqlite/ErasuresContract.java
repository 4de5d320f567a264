package io.headrace.catalog.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.catalog.Catalog;
import io.headrace.catalog.Environment;
import io.headrace.catalog.Erasures.Replacement;
import io.headrace.catalog.Erasures.Replacements;
import io.headrace.catalog.Measurement;
import io.headrace.catalog.Part;
import io.headrace.catalog.Recipe;
import io.headrace.catalog.Recipe.Input;
import io.headrace.catalog.Recipe.InputKind;
import io.headrace.catalog.Rewrite;
import io.headrace.catalog.Runs.Run;
import io.headrace.catalog.Runs.State;
import io.headrace.catalog.Runs.TaskRun;
import io.headrace.catalog.Version;
import io.headrace.error.ConflictException;
import io.headrace.table.TableName;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What every {@link io.headrace.catalog.Erasures} must do. */
abstract class ErasuresContract extends CatalogContract {

  private static Version fewer(String id, TableName table) {
    return new Version(id, table, "/wh/" + id, 9, 100, T0, "r", recipe("a1"));
  }

  private List<Version> versions(Set<TableName> tables) {
    return catalog.versions().all().stream().filter(v -> tables.contains(v.table())).toList();
  }

  private void erase(Set<TableName> tables, List<Version> seen, Replacement... replaced) {
    catalog
        .erasures()
        .apply(
            new Replacements(tables, seen, List.of(replaced)),
            (table, recipe) -> table + " of " + recipe.inputs().get(0).identity(),
            minute(60));
  }

  /** Records a version that was made of another. */
  private void recordMade(String id, TableName table, String input) {
    Recipe recipe =
        new Recipe(id, "", List.of(), List.of(new Input(InputKind.TABLE, "a", input)), List.of());
    catalog.leases().tryAcquire(id, "builder", T0, TTL);
    Version made = new Version(id, table, "/wh/" + id, 1, 1, T0, "r", recipe);
    assertThat(catalog.versions().record(id, made, "builder")).isTrue();
    catalog.leases().release(id, "builder");
  }

  private static String input(Catalog catalog, String version) {
    return catalog.versions().find(version).orElseThrow().recipe().inputs().get(0).identity();
  }

  @Test
  void whateverNamedTheOldVersionNamesTheNew() {
    record(T0, Map.of("a1", A, "a2", A));
    publish(0, "a", null, "a1");
    publish(1, "a", "a1", "a2");
    catalog.environments().create("dev", Optional.of(catalog.environments().at(1)), T0);
    catalog.environments().pin("a1", T0);
    catalog
        .measurements()
        .record("a1", new Measurement(T0, 10, new TreeMap<>(Map.of("n", 2L)), new TreeMap<>()));
    erase(Set.of(A), versions(Set.of(A)), new Replacement("a1", fewer("n1", A)));

    Catalog other = reopen();
    assertThat(other.environments().head("main").versions()).isEqualTo(pointers("a", "a2"));
    assertThat(other.environments().head("dev").versions()).isEqualTo(pointers("a", "n1"));
    assertThat(other.environments().at(1).versions()).isEqualTo(pointers("a", "n1"));
    assertThat(other.environments().pins()).containsExactly("n1");
    assertThat(other.versions().findBuilt("a1")).contains("n1");
    assertThat(other.versions().find("a1")).isEmpty();
    assertThat(other.measurements().find("a1")).isEmpty();
    assertThat(other.measurements().find("n1").orElseThrow().nulls()).isEqualTo(Map.of("n", 2L));
    assertThat(other.versions().find("n1").orElseThrow().rowCount()).isEqualTo(9);
  }

  @Test
  void namedTablesAreKnownUnderTheirNewInputs() {
    record(T0, Map.of("a1", A));
    recordMade("b1", B, "a1");
    recordMade("c1", C, "a1");
    Set<TableName> named = Set.of(A, B);
    erase(named, versions(named), new Replacement("a1", fewer("n1", A)));
    assertThat(catalog.versions().findBuilt("b of n1")).contains("b1");
    assertThat(input(catalog, "b1")).isEqualTo("n1");
    assertThat(catalog.versions().recipe("b1").orElseThrow().inputs().get(0).identity())
        .isEqualTo("a1");
    assertThat(catalog.versions().findBuilt("marts.c of n1")).isEmpty();
    assertThat(input(catalog, "c1")).isEqualTo("a1");
  }

  @Test
  void whatElseHoldsRowsIsForgotten() {
    record(T0, Map.of("a1", A));
    catalog.leases().tryAcquire("p", "me", T0, TTL);
    assertThat(catalog.parts().record(new Part("p", A, "/wh/part", 1), "me", T0)).isTrue();
    catalog.leases().release("p", "me");
    TaskRun failed = new TaskRun(B, "failed", Duration.ZERO, 0, 0, "no number: 'Zeb'");
    catalog.runs().recordTasks("r", List.of(failed));
    String old = catalog.versions().find("a1").orElseThrow().metadataLocation();
    catalog.rewrites().record(new Rewrite("a1", A, old, "/wh/other", T0), 5);
    erase(Set.of(A), versions(Set.of(A)), new Replacement("a1", fewer("n1", A)));
    assertThat(catalog.rewrites().all()).isEmpty();
    assertThat(catalog.parts().all()).isEmpty();
    assertThat(catalog.runs().tasks("r")).extracting(TaskRun::message).containsExactly("");
  }

  @Test
  void whatWasNotSeenIsAConflict() {
    record(T0, Map.of("a1", A));
    List<Version> seen = versions(Set.of(A));
    record(T0, Map.of("a2", A));
    conflicts(seen, "has changed");
    String old = seen.get(0).metadataLocation();
    List<Version> both = versions(Set.of(A));
    catalog.rewrites().record(new Rewrite("a1", A, old, "/wh/other", T0), 5);
    conflicts(both, "has changed");
    assertThat(catalog.versions().find("a1")).isPresent();
  }

  @Test
  void aLiveRunAndALeaseAreConflicts() {
    record(T0, Map.of("a1", A));
    catalog.leases().tryAcquire("x", "me", minute(60), TTL);
    conflicts(versions(Set.of(A)), "alive");
    catalog.leases().release("x", "me");
    catalog.runs().start(new Run("r2", Environment.MAIN, T0, ""));
    catalog.runs().heartbeat("r2", minute(60));
    conflicts(versions(Set.of(A)), "alive");
    catalog.runs().finish("r2", State.FAILED, Optional.empty(), minute(60));
    erase(Set.of(A), versions(Set.of(A)), new Replacement("a1", fewer("n1", A)));
    assertThat(catalog.versions().find("a1")).isEmpty();
  }

  private void conflicts(List<Version> seen, String why) {
    assertThatThrownBy(() -> erase(Set.of(A), seen, new Replacement("a1", fewer("n1", A))))
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining(why);
  }
}

package io.headrace.engine.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.engine.Cancellation;
import io.headrace.engine.CancelledException;
import io.headrace.engine.Query.Select;
import io.headrace.table.Column;
import io.headrace.table.ColumnType.Primitive;
import io.headrace.table.TableSchema;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class CancellationTest extends WithSession {
  /** A query that takes minutes. */
  private static final Select LONG =
      new Select(
          "SELECT sum(hash(a.range, b.range) % 7) AS s FROM range(1000000) a, range(1000000) b");

  @Test
  @Timeout(20)
  void aCancelledQueryStopsWithinASecondAndLeavesNoFiles() {
    Cancellation cancel = new Cancellation();
    TableSchema schema = new TableSchema(List.of(new Column(1, "s", Primitive.DOUBLE)), 1);
    CompletableFuture.delayedExecutor(300, TimeUnit.MILLISECONDS)
        .execute(() -> cancel.request("the user pressed Ctrl-C"));
    long start = System.nanoTime();
    assertThatThrownBy(() -> session.write(LONG, warehouse.draft(schema, List.of()), cancel))
        .isInstanceOf(CancelledException.class)
        .hasMessage("the user pressed Ctrl-C");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(1300));
    assertThat(warehouse.files()).isEmpty();
    assertThat(warehouse.rows("SELECT 1")).containsExactly("[1]");
  }

  @Test
  @Timeout(60)
  void aLateCancellationStopsNothingElse() throws InterruptedException {
    for (int i = 0; i < 300; i++) {
      Cancellation cancel = new Cancellation();
      Thread canceller = new Thread(() -> cancel.request("stop"));
      canceller.start();
      try {
        session.query(new Select("SELECT count(*) FROM range(1000)"), 1, cancel);
      } catch (CancelledException e) {
        assertThat(e).hasMessage("stop");
      }
      assertThat(warehouse.rows("SELECT sum(range) FROM range(1000)")).containsExactly("[499500]");
      canceller.join();
    }
  }

  @Test
  void aCancellationThatWasRequestedBeforeStopsEverything() {
    Cancellation cancel = new Cancellation();
    cancel.request("too late");
    TableSchema schema = new TableSchema(List.of(new Column(1, "s", Primitive.DOUBLE)), 1);
    assertThatThrownBy(() -> session.write(LONG, warehouse.draft(schema, List.of()), cancel))
        .isInstanceOf(CancelledException.class)
        .hasMessage("too late");
    assertThatThrownBy(() -> session.describe(LONG, cancel)).isInstanceOf(CancelledException.class);
    assertThatThrownBy(() -> session.query(LONG, 1, cancel)).isInstanceOf(CancelledException.class);
  }
}

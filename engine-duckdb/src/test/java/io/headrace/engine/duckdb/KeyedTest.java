package io.headrace.engine.duckdb;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.engine.Cancellation;
import io.headrace.engine.KeyedUpdate;
import io.headrace.engine.KeyedUpdate.Written;
import io.headrace.engine.Query;
import io.headrace.engine.QueryException;
import io.headrace.table.Column;
import io.headrace.table.DataFile;
import io.headrace.table.KeyRule;
import io.headrace.table.KeyRule.Kind;
import io.headrace.table.PartitionField;
import io.headrace.table.PartitionField.Transform;
import io.headrace.table.TableData;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What a rule for keys makes of rows, all at once or batch by batch. */
class KeyedTest extends WithSession {
  private static final KeyRule LATEST = rule(Kind.LATEST);
  private static final KeyRule HISTORY = rule(Kind.HISTORY);

  private static KeyRule rule(Kind kind) {
    return new KeyRule(kind, List.of("k"), List.of("t"), Optional.of("op = 'D'"), List.of("v"));
  }

  private static String values(String rows) {
    return "SELECT * FROM (VALUES %s) AS r(k, t, v, op)".formatted(rows);
  }

  private TableData all(KeyRule rule, String rows, PartitionField... partitioning) {
    Query query = new Query.Keyed(new Query.Select(rows), rule);
    return warehouse.write(query, List.of(partitioning));
  }

  @Test
  void theLatestRowOfAKeyStays() {
    assertThat(
            warehouse.rows(
                all(LATEST, values("(1, 2, 'b', 'U'), (1, 1, 'a', 'I'), (2, 1, 'c', 'I')"))))
        .containsExactly("[1, 2, b, U]", "[2, 1, c, I]");
  }

  @Test
  void aKeyWhoseLatestRowIsADeleteIsNotThere() {
    assertThat(
            warehouse.rows(
                all(
                    LATEST,
                    values(
                        "(1, 1, 'a', 'I'), (1, 1, NULL, 'D'), (2, 1, NULL, 'D'), (2, 3, 'x', 'I')"))))
        .containsExactly("[2, 3, x, I]");
  }

  @Test
  void aHistoryHasEachChangeOfAKeyOnce() {
    assertThat(
            warehouse.rows(
                all(
                    HISTORY,
                    values(
                        "(1, 1, 'a', 'I'), (1, 2, 'a', 'U'), (1, 4, 'b', 'U'), (1, 6, NULL, 'D'), "
                            + "(1, 7, NULL, 'D'), (1, 9, 'b', 'I'), (2, 5, 'z', 'I'), (3, 1, NULL, 'D')"))))
        .containsExactlyInAnyOrder(
            "[1, 1, a, I, 1, 4, false]",
            "[1, 4, b, U, 4, 6, false]",
            "[1, 9, b, I, 9, null, true]",
            "[2, 5, z, I, 5, null, true]");
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void rowsOfOneMomentMayRepeatEachOtherAndNotDiffer(Kind kind) {
    String same = "(1, 1, 'a', 'I'), (1, 1, 'a', 'I')";
    assertThat(all(rule(kind), values(same)).rowCount()).isEqualTo(1);
    assertThatThrownBy(() -> all(rule(kind), values(same + ", (1, 1, 'b', 'I')")))
        .isInstanceOf(QueryException.class)
        .hasMessageContaining("two rows of key 1 differ and have the same t");
  }

  @ParameterizedTest
  @CsvSource({"k,the key of a row is NULL: 'k'", "t,a row cannot be put in order: 't' is NULL"})
  void aKeyAndAMomentAreRequired(String column, String message) {
    String row = column.equals("k") ? "(NULL, 1, 'a', 'I')" : "(1, NULL, 'a', 'I')";
    assertThatThrownBy(() -> all(LATEST, values("(2, 2, 'b', 'I'), " + row)))
        .isInstanceOf(QueryException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "SELECT 1 AS k; `latest_by` names column 't', which the query does not return",
        "SELECT 1.5::DOUBLE AS k, 1 AS t; column 'k' has type double, which cannot be a key",
      })
  void columnsAreLookedAtBeforeRows(String query, String message) {
    assertThatThrownBy(() -> all(LATEST, query))
        .isInstanceOf(QueryException.class)
        .hasMessageContaining(message);
  }

  /** Rows in any order, batch by batch, against all of them at once. */
  @ParameterizedTest
  @EnumSource(Kind.class)
  void batchesGiveWhatAllRowsGive(Kind kind) {
    KeyRule rule =
        new KeyRule(
            kind, List.of("a", "b"), List.of("t"), Optional.of("op = 'D'"), List.of("v", "op"));
    PartitionField byValue = new PartitionField(Transform.IDENTITY, "v");
    SplittableRandom random = new SplittableRandom(7);
    for (int history = 0; history < 16; history++) {
      PartitionField[] partitioning =
          history % 4 == 3 ? new PartitionField[] {byValue} : new PartitionField[0];
      List<String> seen = new ArrayList<>();
      String first = batch(random, seen);
      TableData table = all(rule, first, partitioning);
      for (int step = 0; step < 5; step++) {
        String earlier = rowsOf(seen);
        table = updated(rule, table, batch(random, seen), earlier);
        List<String> expected = warehouse.rows(all(rule, rowsOf(seen), partitioning));
        assertThat(warehouse.rows(table))
            .as("history %d, step %d: %s", history, step, seen)
            .containsExactlyInAnyOrderElementsOf(expected);
      }
    }
  }

  private static String batch(SplittableRandom random, List<String> seen) {
    List<String> batch = new ArrayList<>();
    for (int i = random.nextInt(1, 5); i > 0; i--) {
      int a = random.nextInt(3);
      int t = random.nextInt(12);
      // What a row says is a function of its key and moment: nothing differs at one moment.
      boolean deletes = (a * 5 + t) % 4 == 0;
      batch.add("(%d, 'b%d', %d, 'v%d', '%s')".formatted(a, a % 2, t, t / 3, deletes ? "D" : "U"));
    }
    seen.addAll(batch);
    return rowsOf(batch);
  }

  private static String rowsOf(List<String> rows) {
    return rows.stream()
        .collect(Collectors.joining(", ", "SELECT * FROM (VALUES ", ") AS r(a, b, t, v, op)"));
  }

  private TableData updated(KeyRule rule, TableData before, String rows, String earlier) {
    Written written = write(rule, before, rows, earlier);
    List<DataFile> files = new ArrayList<>(before.files());
    assertThat(files.removeAll(written.replaced())).isEqualTo(!written.replaced().isEmpty());
    files.addAll(written.files());
    return before.with(files);
  }

  private Written write(KeyRule rule, TableData before, String rows, String earlier) {
    try (KeyedUpdate update =
        session.update(
            rule,
            before,
            warehouse.draft(before.schema(), before.partitioning()),
            Cancellation.never())) {
      update.add(new Query.Select(rows));
      update.addEarlier(new Query.Select(earlier));
      return update.write();
    }
  }

  @Test
  void onlyFilesThatHoldRowsWhichChangeAreWritten() {
    KeyRule rule =
        new KeyRule(Kind.LATEST, List.of("k"), List.of("t"), Optional.empty(), List.of());
    String many = "SELECT range AS k, 1 AS t, hash(range) AS v FROM range(2_500_000)";
    TableData table = all(rule, many);
    assertThat(table.files()).hasSize(3);
    List<List<Long>> ranges = table.files().stream().map(file -> range(table, file)).toList();
    String some = "SELECT k, 2 AS t, 0::UBIGINT AS v FROM range(%d, %d) AS r(k)";
    long from = ranges.stream().mapToLong(range -> range.get(0)).max().orElseThrow();
    Written written = write(rule, table, some.formatted(from + 500_000, from + 500_010), many);
    assertThat(written.replaced()).hasSize(1);
    assertThat(written.files()).hasSize(1);
    assertThat(written.files().get(0).rowCount()).isEqualTo(written.replaced().get(0).rowCount());
    assertThat(range(table, written.files().get(0)))
        .isEqualTo(range(table, written.replaced().get(0)));
    Written inserted = write(rule, table, some.formatted(3_000_000, 3_000_010), many);
    assertThat(inserted.replaced()).isEmpty();
    assertThat(inserted.files().stream().mapToLong(DataFile::rowCount).sum()).isEqualTo(10);
    String same = "SELECT range AS k, 1 AS t, hash(range) AS v FROM range(77, 99)";
    assertThat(write(rule, table, same, many)).isEqualTo(new Written(List.of(), List.of()));
  }

  @Test
  void filesKeepNarrowRangesHoweverOftenAllOfThemChange() {
    KeyRule rule =
        new KeyRule(Kind.LATEST, List.of("k"), List.of("t"), Optional.empty(), List.of());
    String rows = "SELECT range AS k, %d AS t FROM range(3_000_000) WHERE range %% 100 = %d";
    String seen = "SELECT range AS k, 0 AS t FROM range(3_000_000)";
    TableData table = all(rule, seen);
    for (int i = 1; i <= 3; i++) {
      String batch = rows.formatted(i, i);
      table = updated(rule, table, batch, seen);
      seen += " UNION ALL " + batch;
    }
    TableData last = table;
    assertThat(last.files())
        .hasSizeGreaterThan(2)
        .allSatisfy(
            file -> {
              List<Long> range = range(last, file);
              // How far one thread is ahead of another is chance; with no order it would be all.
              assertThat(range.get(1) - range.get(0)).isLessThan(2_500_000);
            });
  }

  private static List<Long> range(TableData table, DataFile file) {
    Column key = table.schema().find("k").orElseThrow();
    DataFile.Statistics statistics = requireNonNull(file.statistics().get(key.id()));
    return List.of(
        Long.valueOf(statistics.lower().orElseThrow()),
        Long.valueOf(statistics.upper().orElseThrow()));
  }
}

package io.headrace.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.table.ColumnType.Primitive;
import io.headrace.table.DataFile.Statistics;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TableDataTest {
  @Test
  void otherBoundsAreOtherRows() {
    TableData days = data(Primitive.DATE, file(3, "2026-01-01", "2026-01-03", true));
    assertThat(days.surelyDiffersFrom(of(Primitive.DATE, "2026-01-01", "2026-01-04"))).isTrue();
    assertThat(days.surelyDiffersFrom(of(Primitive.DATE, "2026-01-02", "2026-01-03"))).isTrue();
    assertThat(days.surelyDiffersFrom(of(Primitive.DATE, "2026-01-01", "2026-01-03"))).isFalse();
  }

  @Test
  void otherNumbersOfRowsAreOtherRows() {
    TableData three = data(Primitive.INT, file(3, "1", "3", true));
    assertThat(three.surelyDiffersFrom(data(Primitive.INT, file(4, "1", "3", true)))).isTrue();
    assertThat(three.surelyDiffersFrom(data(Primitive.INT))).isTrue();
  }

  @Test
  void boundsThatAreCutOrUnknownTellNothing() {
    TableData cut = data(Primitive.STRING, file(3, "aaaa", "bbbb", false));
    assertThat(cut.surelyDiffersFrom(of(Primitive.STRING, "a", "z"))).isFalse();
    assertThat(of(Primitive.STRING, "a", "z").surelyDiffersFrom(cut)).isFalse();
    DataFile bare = new DataFile("/x.parquet", 3, 9, List.of(), Map.of());
    assertThat(of(Primitive.STRING, "a", "z").surelyDiffersFrom(data(Primitive.STRING, bare)))
        .isFalse();
  }

  /** Zero has two signs, and bounds take one of them. */
  @Test
  void boundsOfFloatsTellNothing() {
    assertThat(
            of(Primitive.DOUBLE, "-0.0", "1.0").surelyDiffersFrom(of(Primitive.DOUBLE, "0.0", "2")))
        .isFalse();
  }

  @Test
  void ofSeveralFilesNothingIsTold() {
    TableData two = data(Primitive.INT, file(1, "1", "1", true), file(2, "2", "3", true));
    assertThat(two.surelyDiffersFrom(of(Primitive.INT, "7", "9"))).isFalse();
  }

  private static TableData of(ColumnType type, String lower, String upper) {
    return data(type, file(3, lower, upper, true));
  }

  private static TableData data(ColumnType type, DataFile... files) {
    return new TableData(
        new TableSchema(List.of(new Column(1, "x", type)), 1), List.of(), Arrays.asList(files));
  }

  private static DataFile file(long rows, String lower, String upper, boolean exact) {
    Statistics statistics =
        new Statistics(9, rows, 0, Optional.empty(), Optional.of(lower), Optional.of(upper), exact);
    return new DataFile("/%d.parquet".formatted(rows), rows, 9, List.of(), Map.of(1, statistics));
  }
}

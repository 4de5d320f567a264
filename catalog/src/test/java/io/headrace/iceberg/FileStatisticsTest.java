package io.headrace.iceberg;

import static io.headrace.iceberg.TestTables.draft;
import static io.headrace.iceberg.TestTables.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.table.Column;
import io.headrace.table.ColumnType;
import io.headrace.table.ColumnType.Decimal;
import io.headrace.table.ColumnType.Primitive;
import io.headrace.table.DataFile.Statistics;
import io.headrace.table.TableStore.Draft;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FileStatisticsTest {
  private static final String MAX = "\uDBFF\uDFFF";

  @TempDir Path warehouse;

  /** Commits a file with these statistics of its one column, and reads it from disk. */
  private Statistics roundTrip(ColumnType type, Statistics statistics) {
    IcebergTableStore store = new IcebergTableStore(warehouse, Disk.local());
    Draft draft = draft(store, Optional.empty(), List.of(Column.of("c", type)));
    String version =
        store.commit(draft, List.of(write(draft, 1, List.of(), Map.of(1, statistics))));
    Statistics read =
        new IcebergTableStore(warehouse, Disk.local())
            .load(version)
            .files()
            .get(0)
            .statistics()
            .getOrDefault(1, bounds("none", "none", false));
    assertThat(store.load(version).files().get(0).statistics()).containsEntry(1, read);
    return read;
  }

  private static Statistics bounds(String lower, String upper, boolean exact) {
    return new Statistics(77, 9, 2, Optional.of(1L), Optional.of(lower), Optional.of(upper), exact);
  }

  static Stream<Arguments> survivors() {
    return Stream.of(
        Arguments.of(Primitive.BOOLEAN, "false", "true"),
        Arguments.of(Primitive.INT, "-2147483648", "2147483647"),
        Arguments.of(Primitive.LONG, "-9223372036854775808", "9223372036854775807"),
        Arguments.of(Primitive.FLOAT, "-inf", "1.5"),
        Arguments.of(Primitive.DOUBLE, "-0.0", "inf"),
        Arguments.of(Primitive.DATE, "1969-12-31", "2026-02-28"),
        Arguments.of(Primitive.TIME, "00:00:00", "23:59:59.999999"),
        Arguments.of(Primitive.TIMESTAMP, "1969-12-31 23:59:59.5", "2026-01-01 00:00:00"),
        Arguments.of(
            Primitive.TIMESTAMPTZ, "1969-12-31 23:59:59.999999+00", "2026-01-01 00:00:00+00"),
        Arguments.of(Primitive.STRING, "", "fifteen letters"),
        Arguments.of(Primitive.BINARY, "", "00FF"),
        Arguments.of(new Decimal(38, 2), "-999999999999999999999999999999999999.99", "0.00"),
        Arguments.of(new Decimal(4, 0), "-1", "9999"));
  }

  @ParameterizedTest
  @MethodSource("survivors")
  void boundsSurviveAsTheyWere(ColumnType type, String lower, String upper) {
    Statistics statistics = bounds(lower, upper, true);
    assertThat(roundTrip(type, statistics)).isEqualTo(statistics);
  }

  @Test
  void otherSpellingsAreUnderstood() {
    assertThat(roundTrip(Primitive.BOOLEAN, bounds("0", "1", true)))
        .isEqualTo(bounds("false", "true", true));
    assertThat(
            roundTrip(
                Primitive.TIMESTAMPTZ,
                bounds("2026-01-01 02:00:00+02:00", "2026-01-01 00:00:00.100000+00", true)))
        .isEqualTo(bounds("2026-01-01 00:00:00+00", "2026-01-01 00:00:00.1+00", true));
    assertThat(roundTrip(new Decimal(5, 2), bounds("1", "1.5", true)))
        .isEqualTo(bounds("1.00", "1.50", true));
    assertThat(roundTrip(Primitive.BINARY, bounds("0a", "ff", true)))
        .isEqualTo(bounds("0A", "FF", true));
  }

  static Stream<Arguments> withoutValue() {
    return Stream.of(
        Arguments.of(Primitive.DATE, "-infinity", "infinity"),
        Arguments.of(Primitive.DATE, "0044-03-15 (BC)", "infinity"),
        Arguments.of(Primitive.TIMESTAMP, "-infinity", "infinity"),
        Arguments.of(Primitive.TIMESTAMPTZ, "-infinity", "290000-01-01 00:00:00+00"),
        Arguments.of(Primitive.TIME, "x", "24:00:00"),
        // Readers differ in which of them is the greater one.
        Arguments.of(
            Primitive.UUID,
            "00000000-0000-0000-0000-000000000000",
            "ffffffff-ffff-4fff-bfff-ffffffffffff"),
        Arguments.of(Primitive.DOUBLE, "nan", "NaN"),
        Arguments.of(new Decimal(3, 1), "1.25", "x"),
        Arguments.of(Primitive.INT, "2147483648", "1.5"));
  }

  @ParameterizedTest
  @MethodSource("withoutValue")
  void boundsThatIcebergHasNoValueForAreLeftOut(ColumnType type, String lower, String upper) {
    Statistics read = roundTrip(type, bounds(lower, upper, true));
    assertThat(read.lower()).isEmpty();
    assertThat(read.upper()).isEmpty();
    assertThat(read.exact()).isFalse();
    assertThat(read.nullCount()).isEqualTo(2);
  }

  @Test
  void oneBoundMayBeLeftOut() {
    Statistics read = roundTrip(Primitive.DATE, bounds("2026-01-01", "infinity", true));
    assertThat(read.lower()).contains("2026-01-01");
    assertThat(read.upper()).isEmpty();
  }

  @Test
  void longTextsAreCutAndNoLongerExact() {
    assertThat(roundTrip(Primitive.STRING, bounds("abcdefghijklmnop-and-more", "zz", true)))
        .isEqualTo(bounds("abcdefghijklmnop", "zz", false));
    assertThat(roundTrip(Primitive.STRING, bounds("a", "abcdefghijklmnop-and-more", true)))
        .isEqualTo(bounds("a", "abcdefghijklmnoq", false));
    assertThat(roundTrip(Primitive.BINARY, bounds("00".repeat(20), "11".repeat(15) + "2233", true)))
        .isEqualTo(bounds("00".repeat(16), "11".repeat(15) + "23", false));
    // Sixteen letters may be all of a text or a part of it: that is not known any more.
    assertThat(roundTrip(Primitive.STRING, bounds("sixteen letters!", "z", true)))
        .isEqualTo(bounds("sixteen letters!", "z", false));
  }

  @Test
  void noUpperBoundIsBetterThanAWrongOne() {
    Statistics read = roundTrip(Primitive.STRING, bounds("a".repeat(20), MAX.repeat(20), true));
    assertThat(read.lower()).contains("a".repeat(16));
    assertThat(read.upper()).isEmpty();

    // Cut, the upper bound is a mere "b", which would look like a value that occurs.
    read = roundTrip(Primitive.STRING, bounds("a", "a" + MAX.repeat(20), true));
    assertThat(read.exact()).isFalse();
    assertThat(read.upper()).isEmpty();
  }

  @Test
  void boundsThatWereNotExactNeverBecomeSo() {
    Statistics read = roundTrip(Primitive.STRING, bounds("a", "b", false));
    assertThat(read.exact()).isFalse();
    read = roundTrip(Primitive.INT, bounds("1", "2", false));
    assertThat(read.exact()).isFalse();
    read = roundTrip(Primitive.STRING, bounds("a", "x".repeat(256), false));
    assertThat(read).isEqualTo(bounds("a", "x".repeat(15) + "y", false));
  }

  @Test
  void statisticsOfColumnsThatAreGoneAreNotShown() {
    IcebergTableStore store = new IcebergTableStore(warehouse, Disk.local());
    Draft draft = draft(store, Optional.empty(), List.of(Column.of("c", Primitive.INT)));
    String version =
        store.commit(
            draft,
            List.of(
                write(
                    draft,
                    1,
                    List.of(),
                    Map.of(1, bounds("1", "2", true), 9, bounds("a", "b", true)))));
    assertThat(store.load(version).files().get(0).statistics()).containsOnlyKeys(1);
  }
}

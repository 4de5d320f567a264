package io.headrace.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.table.ColumnType.Decimal;
import io.headrace.table.ColumnType.ListOf;
import io.headrace.table.ColumnType.MapOf;
import io.headrace.table.ColumnType.Primitive;
import io.headrace.table.ColumnType.StructOf;
import java.util.List;
import org.junit.jupiter.api.Test;

class WideningTest {
  private static Column column(String name, ColumnType type) {
    return new Column(1, name, type);
  }

  private static boolean isWider(ColumnType from, ColumnType to) {
    return Widening.isWider(List.of(column("a", from)), List.of(column("a", to)));
  }

  @Test
  void newColumnsAndAnotherOrderDisturbNobody() {
    Column a = column("a", Primitive.INT);
    Column b = column("b", Primitive.STRING);
    assertThat(Widening.isWider(List.of(a), List.of(b, a))).isTrue();
    assertThat(Widening.isWider(List.of(column("A", Primitive.INT)), List.of(a))).isTrue();
    assertThat(Widening.isWider(List.of(a, b), List.of(a))).isFalse();
  }

  @Test
  void numbersMayHaveRoomForMore() {
    assertThat(isWider(Primitive.INT, Primitive.LONG)).isTrue();
    assertThat(isWider(Primitive.LONG, Primitive.INT)).isFalse();
    assertThat(isWider(Primitive.LONG, Primitive.DOUBLE)).isTrue();
    assertThat(isWider(Primitive.DOUBLE, Primitive.LONG)).isFalse();
    assertThat(isWider(Primitive.FLOAT, Primitive.DOUBLE)).isTrue();
    assertThat(isWider(Primitive.INT, new Decimal(10, 0))).isTrue();
    assertThat(isWider(Primitive.INT, new Decimal(10, 1))).isFalse();
    assertThat(isWider(Primitive.LONG, new Decimal(21, 2))).isTrue();
    assertThat(isWider(Primitive.DOUBLE, new Decimal(38, 2))).isFalse();
    assertThat(isWider(new Decimal(5, 2), new Decimal(7, 4))).isTrue();
    assertThat(isWider(new Decimal(5, 2), new Decimal(6, 4))).isFalse();
    assertThat(isWider(new Decimal(5, 2), new Decimal(5, 1))).isFalse();
  }

  @Test
  void datesMayHaveTimesAndTextIsNothingElse() {
    assertThat(isWider(Primitive.DATE, Primitive.TIMESTAMP)).isTrue();
    assertThat(isWider(Primitive.TIMESTAMP, Primitive.DATE)).isFalse();
    assertThat(isWider(Primitive.LONG, Primitive.STRING)).isFalse();
    assertThat(isWider(Primitive.STRING, Primitive.LONG)).isFalse();
  }

  @Test
  void whatIsInsideCountsToo() {
    Column a = column("a", Primitive.INT);
    Column wide = column("a", Primitive.LONG);
    Column b = column("b", Primitive.INT);
    assertThat(isWider(new ListOf(a), new ListOf(wide))).isTrue();
    assertThat(isWider(new ListOf(wide), new ListOf(a))).isFalse();
    assertThat(isWider(new StructOf(List.of(a)), new StructOf(List.of(b, wide)))).isTrue();
    assertThat(isWider(new StructOf(List.of(a, b)), new StructOf(List.of(a)))).isFalse();
    assertThat(isWider(new MapOf(a, b), new MapOf(a, b))).isTrue();
    assertThat(isWider(new MapOf(a, wide), new MapOf(a, b))).isFalse();
  }
}

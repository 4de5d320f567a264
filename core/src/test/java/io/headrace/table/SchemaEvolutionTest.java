package io.headrace.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.table.ColumnType.Decimal;
import io.headrace.table.ColumnType.ListOf;
import io.headrace.table.ColumnType.MapOf;
import io.headrace.table.ColumnType.Primitive;
import io.headrace.table.ColumnType.StructOf;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SchemaEvolutionTest {
  private static final TableSchema BASE =
      evolve(Optional.empty(), Column.of("a", Primitive.INT), Column.of("b", Primitive.STRING));

  @Test
  void aFirstSchemaCountsFromOne() {
    assertThat(BASE.columns()).extracting(Column::id).containsExactly(1, 2);
    assertThat(BASE.lastColumnId()).isEqualTo(2);
  }

  @Test
  void columnsKeepTheirIdsWhateverTheirOrder() {
    TableSchema next =
        evolve(Optional.of(BASE), Column.of("B", Primitive.STRING), Column.of("a", Primitive.INT));
    assertThat(next.columns()).extracting(Column::id).containsExactly(2, 1);
  }

  @Test
  void aWidenedColumnKeepsItsId() {
    assertThat(evolve(Optional.of(BASE), Column.of("a", Primitive.LONG)).columns())
        .containsExactly(new Column(1, "a", Primitive.LONG));
  }

  @Test
  void aColumnOfAnotherTypeIsANewColumn() {
    assertThat(evolve(Optional.of(BASE), Column.of("a", Primitive.STRING)).columns())
        .containsExactly(new Column(3, "a", Primitive.STRING));
  }

  @Test
  void aRenamedColumnKeepsItsIdAsLongAsTheRenameIsWrittenDown() {
    TableSchema next = BASE;
    for (int build = 0; build < 3; build++) {
      next =
          SchemaEvolution.evolve(
              Optional.of(next), List.of(Column.of("c", Primitive.STRING)), Map.of("c", "b"));
      assertThat(next.columns()).containsExactly(new Column(2, "c", Primitive.STRING));
    }
  }

  @Test
  void anIdIsNeverUsedTwice() {
    TableSchema without = evolve(Optional.of(BASE), Column.of("a", Primitive.INT));
    assertThat(evolve(Optional.of(without), Column.of("b", Primitive.STRING)).columns())
        .containsExactly(new Column(3, "b", Primitive.STRING));
  }

  @Test
  void aRenamedColumnKeepsItsId() {
    TableSchema next =
        SchemaEvolution.evolve(
            Optional.of(BASE), List.of(Column.of("c", Primitive.INT)), Map.of("c", "a"));
    assertThat(next.columns()).containsExactly(new Column(1, "c", Primitive.INT));
  }

  @Test
  void fieldsInsideNestedTypesKeepTheirIds() {
    TableSchema base = evolve(Optional.empty(), nested(Primitive.INT));
    TableSchema next = evolve(Optional.of(base), nested(Primitive.LONG));
    assertThat(next.lastColumnId()).isEqualTo(base.lastColumnId());
    StructOf before = (StructOf) base.columns().get(0).type();
    StructOf after = (StructOf) next.columns().get(0).type();
    assertThat(after.fields())
        .extracting(Column::id)
        .isEqualTo(before.fields().stream().map(Column::id).toList());
    assertThat(after.toString()).isEqualTo("struct<l: list<long>, m: map<string, long>>");
  }

  @Test
  void whatOldDataCannotBeReadAsIsNew() {
    assertThat(SchemaEvolution.isReadableAs(Primitive.LONG, Primitive.INT)).isFalse();
    assertThat(SchemaEvolution.isReadableAs(new Decimal(10, 2), new Decimal(12, 2))).isTrue();
    assertThat(SchemaEvolution.isReadableAs(new Decimal(10, 2), new Decimal(12, 3))).isFalse();
    assertThat(SchemaEvolution.isReadableAs(Primitive.FLOAT, Primitive.DOUBLE)).isTrue();
    assertThat(SchemaEvolution.isReadableAs(Primitive.DATE, Primitive.TIMESTAMP)).isFalse();
  }

  private static Column nested(Primitive leaf) {
    Column list = Column.of("l", new ListOf(Column.of("element", leaf)));
    Column map =
        Column.of("m", new MapOf(Column.of("key", Primitive.STRING), Column.of("value", leaf)));
    return Column.of("s", new StructOf(List.of(list, map)));
  }

  private static TableSchema evolve(Optional<TableSchema> base, Column... columns) {
    return SchemaEvolution.evolve(base, List.of(columns), Map.of());
  }
}

package io.headrace.table;

import io.headrace.table.ColumnType.ListOf;
import io.headrace.table.ColumnType.MapOf;
import io.headrace.table.ColumnType.StructOf;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Gives columns their field ids, so that data files written under an older schema stay readable
 * under a newer one: a column that was there keeps its id, also when it is renamed or widened;
 * every other column gets an id that the table never used before. The rules are those of the
 * Iceberg specification, "Schema Evolution".
 */
public final class SchemaEvolution {
  private int lastId;

  private SchemaEvolution(int lastId) {
    this.lastId = lastId;
  }

  /**
   * Returns {@code columns} with ids that follow on {@code base}.
   *
   * <p>A column whose type changed to one that old data cannot be read as is a new column: it gets
   * a new id.
   *
   * @param renames old name by new name
   */
  public static TableSchema evolve(
      Optional<TableSchema> base, List<Column> columns, Map<String, String> renames) {
    SchemaEvolution evolution = new SchemaEvolution(base.map(TableSchema::lastColumnId).orElse(0));
    List<Column> before = base.map(TableSchema::columns).orElse(List.of());
    List<Column> after = evolution.evolveFields(before, columns, renames);
    return new TableSchema(after, evolution.lastId);
  }

  private List<Column> evolveFields(
      List<Column> before, List<Column> columns, Map<String, String> renames) {
    List<Column> result = new ArrayList<>(columns.size());
    for (Column column : columns) {
      String oldName = renames.getOrDefault(column.name(), column.name());
      // Once a table has the new name, the rename is done, and is still written down.
      Optional<Column> old = named(before, oldName).or(() -> named(before, column.name()));
      result.add(evolveField(old, column));
    }
    return result;
  }

  private static Optional<Column> named(List<Column> columns, String name) {
    return columns.stream().filter(column -> column.name().equalsIgnoreCase(name)).findFirst();
  }

  private Column evolveField(Optional<Column> old, Column column) {
    if (old.isPresent() && isReadableAs(old.get().type(), column.type())) {
      Column kept = old.get();
      return new Column(
          kept.id(), column.name(), evolveType(Optional.of(kept.type()), column.type()));
    }
    int id = ++lastId;
    return new Column(id, column.name(), evolveType(Optional.empty(), column.type()));
  }

  private ColumnType evolveType(Optional<ColumnType> old, ColumnType type) {
    if (type instanceof StructOf struct) {
      List<Column> before = old.map(o -> ((StructOf) o).fields()).orElse(List.of());
      return new StructOf(evolveFields(before, struct.fields(), Map.of()));
    }
    if (type instanceof ListOf list) {
      return new ListOf(evolveField(old.map(o -> ((ListOf) o).element()), list.element()));
    }
    if (type instanceof MapOf map) {
      return new MapOf(
          evolveField(old.map(o -> ((MapOf) o).key()), map.key()),
          evolveField(old.map(o -> ((MapOf) o).value()), map.value()));
    }
    return type;
  }

  /** Whether data written as {@code from} can be read as {@code to}. */
  static boolean isReadableAs(ColumnType from, ColumnType to) {
    if (from.equals(to)) {
      return true;
    }
    if ((from == ColumnType.Primitive.INT && to == ColumnType.Primitive.LONG)
        || (from == ColumnType.Primitive.FLOAT && to == ColumnType.Primitive.DOUBLE)) {
      return true;
    }
    if (from instanceof ColumnType.Decimal narrow && to instanceof ColumnType.Decimal wide) {
      return narrow.scale() == wide.scale() && narrow.precision() <= wide.precision();
    }
    if (from instanceof ListOf a && to instanceof ListOf b) {
      return isReadableAs(a.element().type(), b.element().type());
    }
    if (from instanceof MapOf a && to instanceof MapOf b) {
      // A map's key identifies its entries, so its type may not change at all.
      return sameShape(a.key().type(), b.key().type())
          && isReadableAs(a.value().type(), b.value().type());
    }
    return from instanceof StructOf && to instanceof StructOf;
  }

  private static boolean sameShape(ColumnType a, ColumnType b) {
    return a.toString().equals(b.toString());
  }
}

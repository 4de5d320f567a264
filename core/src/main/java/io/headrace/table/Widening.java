package io.headrace.table;

import io.headrace.table.ColumnType.Decimal;
import io.headrace.table.ColumnType.ListOf;
import io.headrace.table.ColumnType.MapOf;
import io.headrace.table.ColumnType.Primitive;
import io.headrace.table.ColumnType.StructOf;
import java.util.List;
import java.util.Optional;

/**
 * Says which columns take the values of others, so that nobody who reads them is surprised: whole
 * numbers may get a fraction, as SQL converts them, and dates a time.
 */
public final class Widening {
  private static final int DIGITS_OF_INT = 10;
  private static final int DIGITS_OF_LONG = 19;

  private Widening() {}

  /** Whether every column that was there is there, with its type or one that takes all of its. */
  public static boolean isWider(List<Column> before, List<Column> after) {
    return before.stream()
        .allMatch(
            old ->
                after.stream()
                    .filter(column -> column.name().equalsIgnoreCase(old.name()))
                    .anyMatch(column -> isWider(old.type(), column.type())));
  }

  private static boolean isWider(ColumnType from, ColumnType to) {
    if (from instanceof StructOf a && to instanceof StructOf b) {
      return isWider(a.fields(), b.fields());
    }
    if (from instanceof ListOf a && to instanceof ListOf b) {
      return isWider(a.element().type(), b.element().type());
    }
    if (from instanceof MapOf a && to instanceof MapOf b) {
      return isWider(a.key().type(), b.key().type()) && isWider(a.value().type(), b.value().type());
    }
    if (to instanceof Decimal wide) {
      Optional<Decimal> narrow = asDecimal(from);
      return narrow.isPresent()
          && wide.scale() >= narrow.get().scale()
          && wide.precision() - wide.scale() >= narrow.get().precision() - narrow.get().scale();
    }
    return SchemaEvolution.isReadableAs(from, to)
        || ((from == Primitive.INT || from == Primitive.LONG) && to == Primitive.DOUBLE)
        || (from == Primitive.DATE && to == Primitive.TIMESTAMP);
  }

  private static Optional<Decimal> asDecimal(ColumnType type) {
    if (type instanceof Decimal decimal) {
      return Optional.of(decimal);
    }
    if (type == Primitive.INT) {
      return Optional.of(new Decimal(DIGITS_OF_INT, 0));
    }
    return type == Primitive.LONG ? Optional.of(new Decimal(DIGITS_OF_LONG, 0)) : Optional.empty();
  }
}

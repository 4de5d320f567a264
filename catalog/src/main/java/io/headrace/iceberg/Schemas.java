package io.headrace.iceberg;

import io.headrace.table.Column;
import io.headrace.table.ColumnType;
import io.headrace.table.ColumnType.Decimal;
import io.headrace.table.ColumnType.ListOf;
import io.headrace.table.ColumnType.MapOf;
import io.headrace.table.ColumnType.Primitive;
import io.headrace.table.ColumnType.StructOf;
import io.headrace.table.TableSchema;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/** Turns schemas into Iceberg's and back; field ids stay as they are. */
final class Schemas {
  private Schemas() {}

  static Schema toIceberg(TableSchema schema) {
    return new Schema(fields(schema.columns()));
  }

  static TableSchema fromIceberg(Schema schema, int lastColumnId) {
    return new TableSchema(columns(schema.columns()), lastColumnId);
  }

  private static List<Types.NestedField> fields(List<Column> columns) {
    List<Types.NestedField> fields = new ArrayList<>(columns.size());
    for (Column column : columns) {
      // Optional throughout: whether a column is ever null is for checks to say, not for a type.
      fields.add(Types.NestedField.optional(column.id(), column.name(), type(column.type())));
    }
    return fields;
  }

  private static Type type(ColumnType type) {
    if (type instanceof Primitive primitive) {
      return switch (primitive) {
        case BOOLEAN -> Types.BooleanType.get();
        case INT -> Types.IntegerType.get();
        case LONG -> Types.LongType.get();
        case FLOAT -> Types.FloatType.get();
        case DOUBLE -> Types.DoubleType.get();
        case DATE -> Types.DateType.get();
        case TIME -> Types.TimeType.get();
        case TIMESTAMP -> Types.TimestampType.withoutZone();
        case TIMESTAMPTZ -> Types.TimestampType.withZone();
        case STRING -> Types.StringType.get();
        case BINARY -> Types.BinaryType.get();
        case UUID -> Types.UUIDType.get();
      };
    }
    if (type instanceof Decimal decimal) {
      return Types.DecimalType.of(decimal.precision(), decimal.scale());
    }
    if (type instanceof ListOf list) {
      return Types.ListType.ofOptional(list.element().id(), type(list.element().type()));
    }
    if (type instanceof MapOf map) {
      return Types.MapType.ofOptional(
          map.key().id(), map.value().id(), type(map.key().type()), type(map.value().type()));
    }
    return Types.StructType.of(fields(((StructOf) type).fields()));
  }

  private static List<Column> columns(List<Types.NestedField> fields) {
    return fields.stream().map(Schemas::column).toList();
  }

  private static Column column(Types.NestedField field) {
    return new Column(field.fieldId(), field.name(), columnType(field.type()));
  }

  private static ColumnType columnType(Type type) {
    return switch (type.typeId()) {
      case BOOLEAN -> Primitive.BOOLEAN;
      case INTEGER -> Primitive.INT;
      case LONG -> Primitive.LONG;
      case FLOAT -> Primitive.FLOAT;
      case DOUBLE -> Primitive.DOUBLE;
      case DATE -> Primitive.DATE;
      case TIME -> Primitive.TIME;
      case TIMESTAMP ->
          ((Types.TimestampType) type).shouldAdjustToUTC()
              ? Primitive.TIMESTAMPTZ
              : Primitive.TIMESTAMP;
      case STRING -> Primitive.STRING;
      case BINARY, FIXED -> Primitive.BINARY;
      case UUID -> Primitive.UUID;
      case DECIMAL -> {
        Types.DecimalType decimal = (Types.DecimalType) type;
        yield new Decimal(decimal.precision(), decimal.scale());
      }
      case LIST -> new ListOf(column(type.asListType().fields().get(0)));
      case MAP -> {
        List<Types.NestedField> entry = type.asMapType().fields();
        yield new MapOf(column(entry.get(0)), column(entry.get(1)));
      }
      case STRUCT -> new StructOf(columns(type.asStructType().fields()));
      default -> throw new IllegalArgumentException("Unsupported type %s".formatted(type));
    };
  }
}

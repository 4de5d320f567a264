package io.headrace.engine.duckdb;

import com.dynatrace.hash4j.hashing.Hasher32;
import com.dynatrace.hash4j.hashing.Hashing;
import io.headrace.table.ColumnType;
import io.headrace.table.ColumnType.Decimal;
import io.headrace.table.ColumnType.Primitive;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongUnaryOperator;
import org.duckdb.DuckDBColumnType;
import org.duckdb.DuckDBFunctions;
import org.duckdb.DuckDBScalarFunctionBuilder;

/**
 * The buckets of values, as Iceberg's specification says in its appendix B: the 32-bit Murmur3 hash
 * of a value's bytes without its sign, modulo the number of buckets. DuckDB has no such hash, so
 * functions in Java give it.
 */
final class Buckets {
  private static final Hasher32 MURMUR = Hashing.murmur3_32();

  // No names that a query would use.
  private static final String OF_NUMBER = "(hash of number)";
  private static final String OF_TEXT = "(hash of text)";
  private static final String OF_BYTES = "(hash of bytes)";
  private static final String OF_DECIMAL = "(hash of decimal)";

  private static final int MANY_DIGITS = 9;

  private Buckets() {}

  /** Makes the functions known to a DuckDB instance, for all of its connections. */
  static void register(Connection connection) throws SQLException {
    LongUnaryOperator ofNumber = value -> withoutSign(MURMUR.hashLongToInt(value));
    try (DuckDBScalarFunctionBuilder builder = DuckDBFunctions.scalarFunction()) {
      var unused =
          builder
              .withName(OF_NUMBER)
              .withParameter(DuckDBColumnType.BIGINT)
              .withReturnType(DuckDBColumnType.BIGINT)
              .withLongFunction(ofNumber)
              .withNullInNullOut()
              .register(connection);
    }
    register(OF_TEXT, text -> text.getBytes(StandardCharsets.UTF_8), connection);
    register(OF_BYTES, HexFormat.of()::parseHex, connection);
    // The fewest bytes that hold the number without its point.
    register(OF_DECIMAL, text -> new BigDecimal(text).unscaledValue().toByteArray(), connection);
  }

  private static void register(String name, Function<String, byte[]> bytes, Connection connection)
      throws SQLException {
    try (DuckDBScalarFunctionBuilder builder = DuckDBFunctions.scalarFunction()) {
      var unused =
          builder
              .withName(name)
              .withParameter(DuckDBColumnType.VARCHAR)
              .withReturnType(DuckDBColumnType.BIGINT)
              .withVectorizedFunction(
                  (input, output) -> {
                    var texts = input.vector(0);
                    for (long row = 0; row < input.rowCount(); row++) {
                      if (texts.isNull(row)) {
                        output.setNull(row);
                      } else {
                        byte[] value = bytes.apply(texts.getString(row));
                        output.setLong(row, withoutSign(MURMUR.hashBytesToInt(value)));
                      }
                    }
                  })
              .register(connection);
    }
  }

  private static long withoutSign(int hash) {
    return hash & Integer.MAX_VALUE;
  }

  /**
   * The bucket of a column's value in SQL, which needs {@link Database#enableBuckets}; empty if
   * values of the type are not put in buckets.
   *
   * @param name of the column, quoted
   */
  static Optional<String> expression(String name, ColumnType type, int buckets) {
    return hash(name, type).map(hash -> "(%s %% %d)".formatted(hash, buckets));
  }

  private static Optional<String> hash(String name, ColumnType type) {
    if (type instanceof Decimal) {
      return Optional.of(call(OF_DECIMAL, name + "::VARCHAR"));
    }
    if (!(type instanceof Primitive primitive)) {
      return Optional.empty();
    }
    return switch (primitive) {
      case INT, LONG -> Optional.of(call(OF_NUMBER, name + "::BIGINT"));
      case DATE -> Optional.of(call(OF_NUMBER, "(%s - DATE '1970-01-01')".formatted(name)));
      case TIME, TIMESTAMP, TIMESTAMPTZ ->
          Optional.of(call(OF_NUMBER, "epoch_us(%s)".formatted(name)));
      case STRING -> Optional.of(call(OF_TEXT, name));
      case BINARY -> Optional.of(call(OF_BYTES, "hex(%s)".formatted(name)));
      case UUID -> Optional.of(call(OF_BYTES, "replace(%s::VARCHAR, '-', '')".formatted(name)));
      case BOOLEAN, FLOAT, DOUBLE -> Optional.empty();
    };
  }

  private static String call(String function, String argument) {
    return "%s(%s)".formatted(SqlText.identifier(function), argument);
  }

  /** Whether equal values of two types are in the same bucket. */
  static boolean isAlike(ColumnType a, ColumnType b) {
    return a.equals(b) || (isInteger(a) && isInteger(b));
  }

  private static boolean isInteger(ColumnType type) {
    return type == Primitive.INT || type == Primitive.LONG;
  }

  /**
   * A value that no query names, so that what is found out about it holds for every other value
   * too.
   *
   * @throws IllegalArgumentException if the type has too few values for that
   */
  static String someValue(ColumnType type) {
    if (type instanceof Decimal decimal) {
      if (decimal.precision() < MANY_DIGITS) {
        throw new IllegalArgumentException("A query might name any value of " + type);
      }
      return BigDecimal.valueOf(739182645, decimal.scale()).toPlainString();
    }
    return switch ((Primitive) type) {
      case INT -> "1918273645";
      case LONG -> "7391826450918273645";
      case DATE -> "7391-08-26";
      case TIME -> "07:39:18.264509";
      case TIMESTAMP -> "7391-08-26 07:39:18.264509";
      case TIMESTAMPTZ -> "7391-08-26 07:39:18.264509+00";
      case BINARY -> "7391826450918273645E";
      default -> "73918264-5091-4827-8364-5e07f1c92ab4";
    };
  }
}

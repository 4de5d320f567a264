package io.headrace.connector.jdbc;

import io.headrace.engine.Cancellation;
import io.headrace.table.Column;
import io.headrace.table.ColumnType;
import io.headrace.table.ColumnType.Primitive;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** PostgreSQL, which reads CSV itself. */
final class PostgresDelivery implements DeliveryDialect {
  private static final int BUFFER_BYTES = 1 << 16;
  private static final Set<String> TEXTS = Set.of("text", "varchar");

  /** The types that take all values of another, besides text. */
  private static final Map<Primitive, Set<String>> FITTING =
      Map.ofEntries(
          Map.entry(Primitive.BOOLEAN, Set.of("bool")),
          Map.entry(Primitive.INT, Set.of("int4", "serial", "int8", "bigserial", "float8")),
          Map.entry(Primitive.LONG, Set.of("int8", "bigserial")),
          Map.entry(Primitive.FLOAT, Set.of("float4", "float8")),
          Map.entry(Primitive.DOUBLE, Set.of("float8")),
          Map.entry(Primitive.DATE, Set.of("date", "timestamp")),
          Map.entry(Primitive.TIME, Set.of("time")),
          Map.entry(Primitive.TIMESTAMP, Set.of("timestamp")),
          Map.entry(Primitive.TIMESTAMPTZ, Set.of("timestamptz")),
          Map.entry(Primitive.STRING, Set.of()),
          Map.entry(Primitive.BINARY, Set.of("bytea")),
          Map.entry(Primitive.UUID, Set.of("uuid")));

  @Override
  public void prepare(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET TIME ZONE 'UTC'; SET DateStyle = 'ISO, YMD'");
    }
  }

  @Override
  public String begin() {
    // So that a note is read anew when its lock is there.
    return "BEGIN ISOLATION LEVEL READ COMMITTED";
  }

  @Override
  public String lock() {
    return " FOR UPDATE";
  }

  @Override
  public String wordType() {
    return "text";
  }

  @Override
  public String temporary(String name) {
    return "pg_temp." + name;
  }

  @Override
  public String type(ColumnType type) {
    if (type instanceof Primitive primitive) {
      return switch (primitive) {
        case INT -> "integer";
        case LONG -> "bigint";
        case FLOAT -> "real";
        case DOUBLE -> "double precision";
        case STRING -> "text";
        case BINARY -> "bytea";
        default -> type.toString();
      };
    }
    return type instanceof ColumnType.Decimal decimal
        ? "numeric(%d, %d)".formatted(decimal.precision(), decimal.scale())
        : "jsonb";
  }

  @Override
  public String delete(Dialect dialect, String table, List<String> key, String keys) {
    String columns = key.stream().map(dialect::quote).collect(Collectors.joining(", "));
    return "DELETE FROM %s WHERE (%s) IN (SELECT %s FROM %s)"
        .formatted(table, columns, columns, keys);
  }

  @Override
  public Optional<String> misfit(ColumnType type, ExistingColumn existing) {
    return fits(type, existing) ? Optional.empty() : Optional.of(existing.type());
  }

  private static boolean fits(ColumnType type, ExistingColumn existing) {
    String actual = existing.type();
    if (TEXTS.contains(actual)) {
      return true;
    }
    boolean isInteger = type == Primitive.INT || type == Primitive.LONG;
    if (actual.equals("numeric")) {
      return (isInteger || type instanceof ColumnType.Decimal)
          && (existing.precision() == 0 || existing.holdsDigits(type));
    }
    if (type instanceof Primitive primitive) {
      boolean isFine = existing.scale() == 6 || !actual.startsWith("time");
      return FITTING.getOrDefault(primitive, Set.of()).contains(actual)
          && (isFine || type == Primitive.DATE);
    }
    return !(type instanceof ColumnType.Decimal) && Set.of("json", "jsonb").contains(actual);
  }

  @Override
  public void load(
      Connection connection, String table, List<Column> columns, Path rows, Cancellation cancel)
      throws SQLException, IOException {
    PGConnection postgres = connection.unwrap(PGConnection.class);
    try (Cancellation.Registration registration =
            cancel.onRequest(() -> PostgresDialect.stop(postgres));
        InputStream in = Files.newInputStream(rows)) {
      CopyIn copy =
          postgres
              .getCopyAPI()
              .copyIn("COPY " + table + " FROM STDIN (FORMAT csv, NULL '', ENCODING 'UTF8')");
      try {
        byte[] buffer = new byte[BUFFER_BYTES];
        for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
          cancel.throwIfRequested();
          copy.writeToCopy(buffer, 0, length);
        }
        copy.endCopy();
      } finally {
        if (copy.isActive()) {
          copy.cancelCopy();
        }
      }
    }
  }
}

package io.headrace.connector.jdbc;

import io.headrace.connector.staging.CsvFiles;
import io.headrace.connector.staging.CursorKind;
import io.headrace.connector.staging.ExactText;
import io.headrace.engine.Cancellation;
import java.io.IOException;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A system of which only what JDBC says is known. */
record GeneralDialect(AllowedUrl allowed) implements Dialect {
  private static final int LARGEST_PRECISION = 38;

  @Override
  public void prepare(Connection connection) throws SQLException {
    connection.setReadOnly(true);
    if (connection
        .getMetaData()
        .supportsTransactionIsolationLevel(Connection.TRANSACTION_REPEATABLE_READ)) {
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    }
    connection.setAutoCommit(false);
  }

  @Override
  public void beginSnapshot(Connection connection) {
    // The first query begins it.
  }

  @Override
  public DatabaseColumn column(ResultSetMetaData meta, int index, Optional<String> declared)
      throws SQLException {
    String name = meta.getColumnLabel(index);
    // Some drivers call it binary.
    boolean isUuid = meta.getColumnTypeName(index).equalsIgnoreCase("UUID");
    int jdbcType = isUuid ? Types.VARCHAR : meta.getColumnType(index);
    String own = isUuid ? "UUID" : type(jdbcType, meta.getPrecision(index), meta.getScale(index));
    String type = declared.orElse(own);
    Cell cell = own.equals("VARCHAR") ? Cell.TEXT : cell(jdbcType);
    boolean isPlain = ExactText.expression(type).isPresent();
    return new DatabaseColumn(
        name,
        type,
        quote(name),
        !isPlain,
        cell.exactly(name, type),
        Optional.ofNullable(cursor(jdbcType)),
        meta.getColumnTypeName(index));
  }

  private static String type(int jdbcType, int precision, int scale) {
    return switch (jdbcType) {
      case Types.BOOLEAN -> "BOOLEAN";
      case Types.TINYINT, Types.SMALLINT, Types.INTEGER -> "INTEGER";
      case Types.BIGINT -> "BIGINT";
      case Types.REAL -> "FLOAT";
      case Types.FLOAT, Types.DOUBLE -> "DOUBLE";
      case Types.DECIMAL, Types.NUMERIC ->
          precision >= 1 && precision <= LARGEST_PRECISION && scale >= 0 && scale <= precision
              ? "DECIMAL(%d,%d)".formatted(precision, scale)
              : "VARCHAR";
      case Types.DATE -> "DATE";
      case Types.TIME -> "TIME";
      case Types.TIMESTAMP -> "TIMESTAMP";
      case Types.TIMESTAMP_WITH_TIMEZONE -> "TIMESTAMPTZ";
      case Types.BINARY, Types.VARBINARY, Types.LONGVARBINARY, Types.BLOB -> "BLOB";
      default -> "VARCHAR";
    };
  }

  private static Cell cell(int jdbcType) {
    return switch (jdbcType) {
      case Types.DECIMAL, Types.NUMERIC -> GeneralDialect::decimal;
      case Types.REAL ->
          (rows, index) -> {
            float value = rows.getFloat(index);
            return rows.wasNull() ? null : Float.toString(value);
          };
      case Types.FLOAT, Types.DOUBLE -> Cell.DOUBLE;
      case Types.BOOLEAN ->
          (rows, index) -> {
            boolean value = rows.getBoolean(index);
            return rows.wasNull() ? null : Boolean.toString(value);
          };
      case Types.DATE -> (rows, index) -> text(rows.getObject(index, LocalDate.class));
      case Types.TIME -> (rows, index) -> text(rows.getObject(index, LocalTime.class));
      case Types.TIMESTAMP -> (rows, index) -> text(rows.getObject(index, LocalDateTime.class));
      case Types.TIMESTAMP_WITH_TIMEZONE -> GeneralDialect::moment;
      case Types.BINARY, Types.VARBINARY, Types.LONGVARBINARY, Types.BLOB -> Cell.BYTES;
      default -> Cell.TEXT;
    };
  }

  private static @Nullable String decimal(ResultSet rows, int index) throws SQLException {
    BigDecimal value = rows.getBigDecimal(index);
    return value == null ? null : value.toPlainString();
  }

  private static @Nullable String moment(ResultSet rows, int index) throws SQLException {
    OffsetDateTime value = rows.getObject(index, OffsetDateTime.class);
    return value == null
        ? null
        : text(value.withOffsetSameInstant(ZoneOffset.UTC).toLocalDateTime()) + "Z";
  }

  /** With seconds, which Java leaves out if there are none. */
  private static @Nullable String text(@Nullable Object time) {
    if (time instanceof LocalDateTime moment) {
      return moment.toLocalDate() + "T" + text(moment.toLocalTime());
    }
    String text = time == null ? null : time.toString();
    return time instanceof LocalTime && text != null && text.length() == 5 ? text + ":00" : text;
  }

  private static @Nullable CursorKind cursor(int jdbcType) {
    return switch (jdbcType) {
      case Types.TINYINT,
          Types.SMALLINT,
          Types.INTEGER,
          Types.BIGINT,
          Types.DECIMAL,
          Types.NUMERIC ->
          CursorKind.NUMBER;
      case Types.DATE -> CursorKind.DATE;
      case Types.TIMESTAMP -> CursorKind.TIMESTAMP;
      case Types.TIMESTAMP_WITH_TIMEZONE -> CursorKind.TIMESTAMPTZ;
      // How such a system orders text is not known.
      default -> null;
    };
  }

  @Override
  public Optional<String> largest(Connection connection, String from, DatabaseColumn cursor)
      throws SQLException {
    String sql = "SELECT max(%s) FROM %s".formatted(ordered(cursor), from);
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      return result.next()
          ? Optional.ofNullable(cell(result.getMetaData().getColumnType(1)).text(result, 1))
          : Optional.empty();
    }
  }

  @Override
  public String literal(CursorKind kind, String position) {
    return switch (kind) {
      case NUMBER -> position;
      case DATE -> "DATE '" + position + "'";
      case TIMESTAMP -> "TIMESTAMP '" + position.replace('T', ' ') + "'";
      case TIMESTAMPTZ -> "TIMESTAMP '" + position.replace('T', ' ').replace("Z", " +00:00") + "'";
      case TEXT, NUMBER_OR_TEXT -> throw new IllegalArgumentException("Text is no cursor here");
    };
  }

  @Override
  public void read(Connection connection, Selection selection, CsvFiles files, Cancellation cancel)
      throws SQLException, IOException {
    CsvRows.read(connection, selection.sql(this), selection.columns(), files, cancel);
  }
}

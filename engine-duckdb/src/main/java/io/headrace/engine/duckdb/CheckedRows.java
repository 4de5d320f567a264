package io.headrace.engine.duckdb;

import io.headrace.connector.staging.ExactText;
import io.headrace.engine.Query.Checked;
import io.headrace.engine.Query.DeclaredColumn;
import io.headrace.engine.Query.Format;
import io.headrace.engine.Sifting;
import java.util.ArrayList;
import java.util.List;

/** Writes the SQL that reads records of which some are no rows. */
final class CheckedRows {
  private static final String RAW = "\"(raw)\"";
  private static final String OBJECT = "\"(object)\"";
  private static final int MOST_SHOWN = 100;

  private CheckedRows() {}

  static String of(Checked checked) {
    boolean isJson = checked.of() == Format.JSON;
    List<String> columns = new ArrayList<>();
    StringBuilder error = new StringBuilder("CASE");
    if (isJson) {
      error
          .append(" WHEN NOT json_valid(%s) THEN 'not JSON'".formatted(RAW))
          .append(" WHEN %s IS NULL THEN 'no JSON object'".formatted(OBJECT));
    }
    for (DeclaredColumn column : checked.columns()) {
      String name = SqlText.identifier(column.name());
      columns.add("TRY_CAST(%s AS %s) AS %s".formatted(name, column.type(), name));
      error.append(" WHEN %s THEN %s".formatted(isWrong(column, isJson), unfit(column)));
    }
    List<DeclaredColumn> texts = checked.texts().columns();
    for (DeclaredColumn other : texts.subList(isJson ? 0 : columns.size(), texts.size() - 1)) {
      columns.add(SqlText.identifier(other.name()));
    }
    String known = SqlText.identifier(Sifting.ERROR);
    columns.add("coalesce(%1$s, %2$s END) AS %1$s".formatted(known, error));
    String rows = Scans.of(checked.texts());
    return "SELECT %s FROM (%s)"
        .formatted(String.join(", ", columns), isJson ? fields(checked, rows) : rows);
  }

  /** The fields as texts. What is no object has none; to ask for them would be an error. */
  private static String fields(Checked checked, String rows) {
    List<String> fields = new ArrayList<>();
    for (DeclaredColumn column : checked.columns()) {
      String path = "$.\"" + column.name().replace("\\", "\\\\").replace("\"", "\\\"") + '"';
      fields.add(
          "json_extract_string(%s, %s) AS %s"
              .formatted(OBJECT, SqlText.literal(path), SqlText.identifier(column.name())));
    }
    String valid = "CASE WHEN json_valid(%1$s) THEN %1$s END".formatted(RAW);
    String object =
        "SELECT *, CASE WHEN json_type(%1$s) = 'OBJECT' THEN %1$s END AS %2$s FROM (%3$s)"
            .formatted(valid, OBJECT, rows);
    return "SELECT *, %s FROM (%s)".formatted(String.join(", ", fields), object);
  }

  /** Of CSV, the texts were looked at before; here only what the type does not hold is left. */
  private static String isWrong(DeclaredColumn column, boolean isJson) {
    String name = SqlText.identifier(column.name());
    String cast = "TRY_CAST(%s AS %s) IS NULL".formatted(name, column.type());
    // DuckDB's expressions look at nothing ahead; that there is no year 0 is all that was for.
    String wrong =
        ExactText.expression(column.type())
            .filter(expression -> isJson)
            .map(expression -> expression.replace("(?!0000)", ""))
            .map(
                e ->
                    "(NOT regexp_full_match(%s, %s) OR %s)"
                        .formatted(name, SqlText.literal(e), cast))
            .orElse(cast);
    return "%s IS NOT NULL AND %s".formatted(name, wrong);
  }

  private static String unfit(DeclaredColumn column) {
    return "%s || left(%s, %d) || %s"
        .formatted(
            SqlText.literal("column '%s': '".formatted(column.name())),
            SqlText.identifier(column.name()),
            MOST_SHOWN,
            SqlText.literal("' is not exactly a value of type " + column.type()));
  }
}

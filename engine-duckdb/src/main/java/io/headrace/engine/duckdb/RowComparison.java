package io.headrace.engine.duckdb;

import io.headrace.engine.Cancellation;
import io.headrace.table.Column;
import io.headrace.table.ColumnType.Primitive;
import io.headrace.table.DataFile;
import io.headrace.table.TableData;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;

/** Finds out whether two versions hold the same rows. */
final class RowComparison {
  /** From here on, reading twice to compare checksums first pays when the rows differ. */
  private static final long LARGE = 100_000;

  private final Workspace workspace;
  private final Cancellation cancel;

  RowComparison(Workspace workspace, Cancellation cancel) {
    this.workspace = workspace;
    this.cancel = cancel;
  }

  boolean same(TableData a, TableData b) {
    if (!shape(a).equals(shape(b)) || a.rowCount() != b.rowCount()) {
      return false;
    }
    boolean sameFiles =
        paths(a).equals(paths(b)) && a.schema().columns().equals(b.schema().columns());
    if (sameFiles || a.rowCount() == 0) {
      return true;
    }
    return (a.rowCount() < LARGE || sameChecksum(a, b)) && sameBags(a, b);
  }

  private static List<String> shape(TableData data) {
    return data.schema().columns().stream()
        .map(column -> column.name() + ' ' + column.type())
        .toList();
  }

  private static List<String> paths(TableData data) {
    return data.files().stream().map(DataFile::path).sorted().toList();
  }

  private boolean sameChecksum(TableData a, TableData b) {
    String names = String.join(", ", keys(a.schema().columns()));
    String sum = "(SELECT sum(hash(%s)::HUGEINT) FROM (%s))";
    return ask(
        "SELECT %s = %s"
            .formatted(sum.formatted(names, Scans.of(a)), sum.formatted(names, Scans.of(b))));
  }

  private boolean sameBags(TableData a, TableData b) {
    String keys = String.join(", ", keys(a.schema().columns()));
    // As many rows on both sides, so that no row of one side may be left over is enough. Grouping
    // takes NULL for NULL and NaN for NaN.
    return ask(
        """
        SELECT count(*) = 0 FROM (
          SELECT 1 FROM (SELECT 1 AS "(side)", * FROM (%s) UNION ALL SELECT -1, * FROM (%s))
          GROUP BY %s HAVING sum("(side)") <> 0 LIMIT 1)
        """
            .formatted(Scans.of(a), Scans.of(b), keys));
  }

  /** What to compare rows by. Grouping alone would take -0.0 for 0.0. */
  private static List<String> keys(List<Column> columns) {
    List<String> keys = new ArrayList<>();
    for (Column column : columns) {
      String name = SqlText.identifier(column.name());
      keys.add(name);
      if (column.type() == Primitive.FLOAT || column.type() == Primitive.DOUBLE) {
        keys.add("(%s = 0 AND signbit(%s))".formatted(name, name));
      } else if (column.type().holdsFloats()) {
        keys.add(name + "::VARCHAR");
      }
    }
    return keys;
  }

  private boolean ask(String sql) {
    Script script = Script.internal(sql);
    return workspace.run(
        script,
        cancel,
        statement -> {
          try (ResultSet results = statement.executeQuery(sql)) {
            return results.next() && results.getBoolean(1);
          }
        });
  }
}

package io.headrace.connector.jdbc;

import io.headrace.error.HeadraceException;
import io.headrace.error.NearestWord;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Says which table somebody probably meant. */
final class Tables {
  private static final Set<String> HIDDEN =
      Set.of("information_schema", "pg_catalog", "pg_toast", "mysql", "performance_schema", "sys");

  private Tables() {}

  static HeadraceException unknown(
      Connection connection, Dialect dialect, Relation relation, Failures failures) {
    String message =
        "There is no table '%s' in the database '%s'"
            .formatted(relation.table(), failures.connection());
    Set<String> names = new TreeSet<>();
    try {
      Optional<String> current = dialect.currentSchema(connection);
      try (ResultSet tables = connection.getMetaData().getTables(null, null, "%", null)) {
        while (tables.next()) {
          String schema = tables.getString("TABLE_SCHEM");
          String owner = schema == null ? tables.getString("TABLE_CAT") : schema;
          String name = tables.getString("TABLE_NAME");
          String type = String.valueOf(tables.getString("TABLE_TYPE"));
          boolean isTable = type.contains("TABLE") || type.contains("VIEW");
          if (name == null || !isTable || type.startsWith("SYSTEM")) {
            continue;
          }
          if (owner == null || current.map(owner::equals).orElse(true)) {
            names.add(name);
          }
          if (owner != null && !HIDDEN.contains(owner)) {
            names.add(owner + "." + name);
          }
        }
      }
    } catch (SQLException e) {
      return new HeadraceException(message, Failures.Cause.NO_TABLE.hint());
    }
    return new HeadraceException(
        message,
        NearestWord.find(relation.table(), names)
            .or(() -> elsewhere(relation, names))
            .map(near -> "Did you mean '" + near + "'?")
            .orElse(Failures.Cause.NO_TABLE.hint()));
  }

  /** A table of that name in another schema. */
  private static Optional<String> elsewhere(Relation relation, Set<String> names) {
    String end = "." + relation.simpleName();
    return names.stream().filter(name -> name.endsWith(end)).findFirst();
  }
}

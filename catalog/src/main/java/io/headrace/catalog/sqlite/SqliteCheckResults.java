package io.headrace.catalog.sqlite;

import static io.headrace.catalog.sqlite.Database.Durability.ORDERED;

import io.headrace.catalog.CheckResults;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** Results of checks in SQLite. */
final class SqliteCheckResults implements CheckResults {
  private final Database database;

  SqliteCheckResults(Database database) {
    this.database = database;
  }

  @Override
  public Map<String, CheckResult> findAll(Collection<String> fingerprints) {
    Map<String, CheckResult> results = new HashMap<>();
    return database.read(
        "read check results",
        sql -> {
          sql.forEachOf(
              "SELECT fingerprint, passed, failures FROM check_results WHERE fingerprint IN (?)",
              fingerprints,
              row ->
                  results.put(
                      row.getString(1),
                      new CheckResult(row.getString(1), row.getLong(2) == 1, row.getLong(3))));
          return results;
        });
  }

  @Override
  public void record(Collection<CheckResult> results) {
    if (results.isEmpty()) {
      return;
    }
    database.write(
        ORDERED,
        "record check results",
        sql -> {
          for (CheckResult result : results) {
            sql.update(
                "INSERT INTO check_results (fingerprint, passed, failures) VALUES (?, ?, ?)"
                    + " ON CONFLICT (fingerprint) DO UPDATE"
                    + " SET passed = excluded.passed, failures = excluded.failures",
                result.fingerprint(),
                result.passed() ? 1L : 0L,
                result.failures());
          }
          return results.size();
        });
  }
}

package io.headrace.catalog.sqlite;

import static io.headrace.catalog.sqlite.Database.Durability.ORDERED;

import io.headrace.catalog.FileIdentities;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** Content hashes of files in SQLite. */
final class SqliteFileIdentities implements FileIdentities {
  private final Database database;

  SqliteFileIdentities(Database database) {
    this.database = database;
  }

  @Override
  public Map<String, Entry> findAll(Collection<String> paths) {
    Map<String, Entry> entries = new HashMap<>();
    return database.read(
        "read identities of files",
        sql -> {
          sql.forEachOf(
              "SELECT path, size_bytes, modified_nanos, file_key, hash FROM file_identities"
                  + " WHERE path IN (?)",
              paths,
              row ->
                  entries.put(
                      row.getString(1),
                      new Entry(
                          row.getString(1),
                          row.getLong(2),
                          row.getLong(3),
                          row.getString(4),
                          row.getString(5))));
          return entries;
        });
  }

  @Override
  public void record(Collection<Entry> entries) {
    if (entries.isEmpty()) {
      return;
    }
    database.write(
        ORDERED,
        "record identities of files",
        sql -> {
          for (Entry entry : entries) {
            sql.update(
                "INSERT INTO file_identities (path, size_bytes, modified_nanos, file_key, hash)"
                    + " VALUES (?, ?, ?, ?, ?) ON CONFLICT (path) DO UPDATE"
                    + " SET size_bytes = excluded.size_bytes,"
                    + " modified_nanos = excluded.modified_nanos,"
                    + " file_key = excluded.file_key, hash = excluded.hash",
                entry.path(),
                entry.sizeBytes(),
                entry.modifiedNanos(),
                entry.fileKey(),
                entry.hash());
          }
          return entries.size();
        });
  }
}

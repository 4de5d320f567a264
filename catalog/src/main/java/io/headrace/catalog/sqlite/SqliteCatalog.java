package io.headrace.catalog.sqlite;

import io.headrace.catalog.Catalog;
import io.headrace.catalog.CheckResults;
import io.headrace.catalog.Environments;
import io.headrace.catalog.Erasures;
import io.headrace.catalog.FileIdentities;
import io.headrace.catalog.Leases;
import io.headrace.catalog.Measurements;
import io.headrace.catalog.Parts;
import io.headrace.catalog.Requests;
import io.headrace.catalog.Rewrites;
import io.headrace.catalog.Runs;
import io.headrace.catalog.Schedules;
import io.headrace.catalog.Versions;
import io.headrace.error.HeadraceException;
import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A catalog in a SQLite file. */
public final class SqliteCatalog implements Catalog {
  private final Database database;
  private final SqliteEnvironments environments;
  private final SqliteVersions versions;
  private final SqliteRewrites rewrites;
  private final SqliteParts parts;
  private final SqliteErasures erasures;
  private final SqliteCheckResults checkResults;
  private final SqliteMeasurements measurements;
  private final SqliteLeases leases;
  private final SqliteRuns runs;
  private final SqliteSchedules schedules;
  private final SqliteRequests requests;
  private final SqliteFileIdentities fileIdentities;

  private SqliteCatalog(Database database) {
    this.database = database;
    this.environments = new SqliteEnvironments(database);
    this.versions = new SqliteVersions(database);
    this.rewrites = new SqliteRewrites(database);
    this.parts = new SqliteParts(database);
    this.erasures = new SqliteErasures(database);
    this.checkResults = new SqliteCheckResults(database);
    this.measurements = new SqliteMeasurements(database);
    this.leases = new SqliteLeases(database);
    this.runs = new SqliteRuns(database);
    this.schedules = new SqliteSchedules(database);
    this.requests = new SqliteRequests(database);
    this.fileIdentities = new SqliteFileIdentities(database);
  }

  /**
   * Opens the catalog in {@code file}; makes it, and its folder, if it is not there.
   *
   * @throws HeadraceException if the file is no catalog, or one of a newer version of Headrace
   */
  public static SqliteCatalog open(Path file) {
    return open(file, Database.CommitStep.DEFAULT);
  }

  static SqliteCatalog open(Path file, Database.CommitStep commitStep) {
    Path absolute = file.toAbsolutePath().normalize();
    try {
      makeFolder(absolute.getParent());
    } catch (IOException e) {
      throw new HeadraceException(
          "Cannot make the folder of catalog '%s': %s".formatted(absolute, e),
          "Check that you may write there",
          e);
    }
    Migrations.CATALOG.run(absolute);
    return new SqliteCatalog(new Database(absolute, commitStep));
  }

  /** SQLite sees to the names in its folder; the folder's own name is for us to keep. */
  private static void makeFolder(@Nullable Path folder) throws IOException {
    if (folder == null || Files.exists(folder)) {
      return;
    }
    Files.createDirectories(folder);
    Path parent = folder.getParent();
    if (parent != null && File.separatorChar == '/') {
      try (FileChannel channel = FileChannel.open(parent, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  /** The texts of the statements that it has run, for tests of how they are run. */
  Set<String> texts() {
    return database.texts();
  }

  @Override
  public Environments environments() {
    return environments;
  }

  @Override
  public Versions versions() {
    return versions;
  }

  @Override
  public Rewrites rewrites() {
    return rewrites;
  }

  @Override
  public Parts parts() {
    return parts;
  }

  @Override
  public Erasures erasures() {
    return erasures;
  }

  @Override
  public CheckResults checkResults() {
    return checkResults;
  }

  @Override
  public Measurements measurements() {
    return measurements;
  }

  @Override
  public Leases leases() {
    return leases;
  }

  @Override
  public Runs runs() {
    return runs;
  }

  @Override
  public Schedules schedules() {
    return schedules;
  }

  @Override
  public Requests requests() {
    return requests;
  }

  @Override
  public FileIdentities fileIdentities() {
    return fileIdentities;
  }

  @Override
  public void close() {
    database.close();
  }
}

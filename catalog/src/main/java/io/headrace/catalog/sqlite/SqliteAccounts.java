package io.headrace.catalog.sqlite;

import io.headrace.access.Accounts;
import io.headrace.access.AuditLog;
import io.headrace.access.Permissions;
import io.headrace.access.Sessions;
import io.headrace.access.Tokens;
import io.headrace.access.Users;
import io.headrace.error.HeadraceException;
import io.headrace.error.UsageException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Accounts in a SQLite file that only its owner can read. */
public final class SqliteAccounts implements Accounts {
  /** The name of the file. */
  public static final String FILE = "access.db";

  private final Database database;
  private final SqliteUsers users;
  private final SqliteTokens tokens;
  private final SqliteSessions sessions;
  private final SqliteAuditLog audit;

  private SqliteAccounts(Database database) {
    this.database = database;
    this.users = new SqliteUsers(database);
    this.tokens = new SqliteTokens(database);
    this.sessions = new SqliteSessions(database);
    this.audit = new SqliteAuditLog(database);
  }

  /**
   * Opens the accounts in a folder; makes both if they are not there, for nobody but the owner.
   *
   * @throws HeadraceException if others may read the file or write to the folder, or the file is no
   *     such database
   */
  public static SqliteAccounts open(Path folder) {
    try {
      make(folder.toAbsolutePath().normalize());
    } catch (IOException e) {
      throw notOpened(folder, e);
    }
    return openExisting(folder);
  }

  /**
   * Opens the accounts in a folder.
   *
   * @throws HeadraceException as {@link #open} does, and if there are none
   */
  public static SqliteAccounts openExisting(Path folder) {
    Path absolute = folder.toAbsolutePath().normalize();
    Path file = absolute.resolve(FILE);
    if (!Files.exists(file)) {
      throw new UsageException(
          "There are no accounts in '%s'".formatted(folder),
          "Name the folder that `headrace serve --access` has; `headrace user add` makes one");
    }
    try {
      Permissions.requireOwnFolder(absolute);
      Permissions.requireOwn(file);
    } catch (IOException e) {
      throw notOpened(folder, e);
    }
    Migrations.ACCOUNTS.run(file);
    return new SqliteAccounts(new Database(Migrations.ACCOUNTS, file, Database.CommitStep.DEFAULT));
  }

  private static HeadraceException notOpened(Path folder, IOException e) {
    return new HeadraceException(
        "Cannot open folder '%s': %s".formatted(folder, e), "Check that you may write there", e);
  }

  private static void make(Path folder) throws IOException {
    boolean isPosix = folder.getFileSystem().supportedFileAttributeViews().contains("posix");
    if (!Files.exists(folder)) {
      Files.createDirectories(folder);
      if (isPosix) {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
      }
    }
    try {
      // The database gives its other files the permissions of this one.
      Files.createFile(
          folder.resolve(FILE),
          isPosix
              ? new java.nio.file.attribute.FileAttribute<?>[] {
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
              }
              : new java.nio.file.attribute.FileAttribute<?>[0]);
    } catch (FileAlreadyExistsException e) {
      // It is opened as it is.
    }
  }

  @Override
  public Users users() {
    return users;
  }

  @Override
  public Tokens tokens() {
    return tokens;
  }

  @Override
  public Sessions sessions() {
    return sessions;
  }

  @Override
  public AuditLog audit() {
    return audit;
  }

  @Override
  public void close() {
    database.close();
  }
}

package io.headrace.catalog.sqlite;

import io.headrace.catalog.sqlite.Database.CommitFailedException;
import io.headrace.error.HeadraceException;
import io.headrace.error.UnavailableException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Says what a failure of the database means for the user. */
final class Failures {
  private static final Map<Integer, String> HINTS =
      Map.of(
          SQLiteErrorCode.SQLITE_BUSY.code,
          "Another process has been writing for half a minute; try again",
          SQLiteErrorCode.SQLITE_FULL.code,
          "Free some space on the disk and run again",
          SQLiteErrorCode.SQLITE_IOERR.code,
          "See to the disk and run again",
          SQLiteErrorCode.SQLITE_READONLY.code,
          "Make the file and its folder writable",
          SQLiteErrorCode.SQLITE_CANTOPEN.code,
          "Check that the folder is there and that you may write to it",
          SQLiteErrorCode.SQLITE_CORRUPT.code,
          "Run `headrace doctor`",
          SQLiteErrorCode.SQLITE_NOTADB.code,
          "Run `headrace doctor`");

  private Failures() {}

  /**
   * @param doing what was tried, such as {@code publish to environment 'main'}
   */
  static HeadraceException translate(String doing, Path file, SQLException e) {
    return translate(doing, Migrations.CATALOG.what(), file, e);
  }

  /** The same for another database than that of a project. */
  static HeadraceException translate(String doing, String what, Path file, SQLException e) {
    return new UnavailableException(
        "Cannot %s: %s '%s': %s".formatted(doing, what, file, e.getMessage()),
        HINTS.getOrDefault(primaryCode(e), ""),
        e);
  }

  /** Whether the database says that a failed commit did not happen. */
  static boolean isCertainlyNotCommitted(SQLException e) {
    int code = primaryCode(e);
    return code == SQLiteErrorCode.SQLITE_BUSY.code || code == SQLiteErrorCode.SQLITE_FULL.code;
  }

  /**
   * Whether the system may have dropped earlier writes together with this one. It tells so once: to
   * try again would succeed and prove nothing.
   */
  static boolean mayHaveDroppedWrites(CommitFailedException e) {
    return e.getCause() instanceof SQLiteException failure
        && (failure.getResultCode() == SQLiteErrorCode.SQLITE_IOERR_FSYNC
            || failure.getResultCode() == SQLiteErrorCode.SQLITE_IOERR_DIR_FSYNC);
  }

  /** The lowest byte; the others tell kinds of it apart. */
  private static int primaryCode(SQLException e) {
    return e.getErrorCode() & 0xff;
  }
}

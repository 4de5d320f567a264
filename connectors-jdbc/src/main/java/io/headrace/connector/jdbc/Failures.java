package io.headrace.connector.jdbc;

import io.headrace.engine.Cancellation;
import io.headrace.engine.CancelledException;
import io.headrace.error.HeadraceException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Says what went wrong with a database, and what to do, without secrets. The exceptions of drivers
 * are not kept as causes, because their messages may have secrets.
 *
 * @param connection the name of the connection
 * @param hide takes secrets out of a text
 */
record Failures(String connection, Dialect dialect, UnaryOperator<String> hide) {
  /** Stands around the parts of an error that a query of ours raises; it is in no name. */
  static final String MARK = "\u0001";

  private static final Pattern OWN =
      Pattern.compile(
          "%s(?<column>[^%s]*)%s(?<type>[^%s]*)%s(?<value>.*)%s".replace("%s", MARK),
          Pattern.DOTALL);

  /** What is behind an error. */
  enum Cause {
    NO_TABLE("Look for it with a client of the database; names are taken as they are written"),
    NO_COLUMN("Look at the columns with a client of the database"),
    SYNTAX("Try the query in a client of the database"),
    SIGN_IN(
        "Are `user` and `password` of the connection right, and may the user connect from here?"),
    NO_DATABASE(
        "Is the name of the database, the last part of `url`, right, and may the user see it?"),
    FORBIDDEN("Let the user of the connection read it: `GRANT SELECT ON ... TO ...`"),
    READ_ONLY("Headrace only reads: write a query that changes nothing"),
    CONNECTION("Is the database running, and are host and port in `url` right? Then run again"),
    LOCKED("Another program is writing: run again when it is done, or raise `busy_timeout`"),
    OVERTAKEN("Others write at the same time: try again"),
    NOT_A_DATABASE("Does `url` name the right file?"),
    OTHER("Try the same in a client of the database");

    private final String hint;

    String hint() {
      return hint;
    }

    Cause(String hint) {
      this.hint = hint;
    }

    /** By the SQLSTATE, which most systems agree about. */
    static Cause ofState(SQLException e) {
      String state = e.getSQLState() == null ? "" : e.getSQLState();
      return switch (state) {
        case "42P01", "3F000", "42S02", "42S03", "42S04" -> NO_TABLE;
        case "42703", "42S22" -> NO_COLUMN;
        case "42601" -> SYNTAX;
        case "3D000" -> NO_DATABASE;
        case "42501" -> FORBIDDEN;
        case "25006" -> READ_ONLY;
        case "57P01", "57P02", "57P03" -> CONNECTION;
        default -> state.startsWith("08") ? CONNECTION : state.startsWith("28") ? SIGN_IN : OTHER;
      };
    }
  }

  /** An error that one statement of the connector's own raised, or of the driver. */
  HeadraceException of(String verb, SQLException e) {
    Matcher own = OWN.matcher(message(e));
    if (own.find()) {
      return Cell.inexact(own.group("column"), own.group("value"), own.group("type"));
    }
    return new HeadraceException(
        "Cannot %s the database '%s': %s".formatted(verb, connection, reason(e)),
        dialect.cause(e).hint);
  }

  /** The same, or that it was cancelled if that is why. */
  HeadraceException of(String verb, SQLException e, Cancellation cancel) {
    return cancel.isRequested() ? new CancelledException(cancel.reason()) : of(verb, e);
  }

  /** An error of a delivery. */
  HeadraceException delivering(SQLException e, Cancellation cancel) {
    if (cancel.isRequested()) {
      return new CancelledException(cancel.reason());
    }
    String hint =
        switch (dialect.cause(e)) {
          case NO_TABLE -> "Is there such a schema? Headrace makes tables, but no schemas";
          case FORBIDDEN ->
              "Let the user of the connection create tables there, and `GRANT SELECT, INSERT,"
                  + " UPDATE, DELETE ON ... TO ...`";
          case READ_ONLY -> "Can the database be written to, and by this user?";
          case CONNECTION, LOCKED, OVERTAKEN, NOT_A_DATABASE, SIGN_IN, NO_DATABASE ->
              dialect.cause(e).hint;
          case NO_COLUMN, SYNTAX, OTHER ->
              "Nothing was changed there. Mend it, and run `headrace export`";
        };
    return new HeadraceException(
        "Cannot deliver to the database '%s': %s".formatted(connection, reason(e)), hint);
  }

  HeadraceException writing(IOException e) {
    return new HeadraceException(
        "Cannot keep rows of the database '%s': %s".formatted(connection, e.getMessage()),
        "Is there room on the disk?");
  }

  private String reason(SQLException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnknownHostException) {
        return "there is no host '%s'".formatted(hide.apply(String.valueOf(cause.getMessage())));
      }
      if (cause instanceof SocketTimeoutException) {
        return "it did not answer in time";
      }
      if (cause instanceof ConnectException) {
        return "nobody answers there";
      }
    }
    String text = hide.apply(message(e)).strip();
    int end = text.indexOf('\n');
    return (end < 0 ? text : text.substring(0, end))
        .replaceFirst("^(ERROR|FATAL): ", "")
        .replaceFirst("^\\(conn=\\d+\\) ", "")
        .replaceFirst("\\.$", "");
  }

  private static String message(SQLException e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}

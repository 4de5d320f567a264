package io.headrace.engine.duckdb;

import io.headrace.engine.duckdb.SyntaxTree.FileUse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** SQL that DuckDB runs, and where in it the text of the user stands. */
final class Script {
  private final String sql;
  private final int bodyStart;
  private final int bodyEnd;
  private final List<Edit> edits;
  private final List<String> paths;

  private Script(String sql, int bodyStart, int bodyEnd, List<Edit> edits, List<String> paths) {
    this.sql = sql;
    this.bodyStart = bodyStart;
    this.bodyEnd = bodyEnd;
    this.edits = edits;
    this.paths = paths;
  }

  /** A piece of the user's text that was replaced by a longer or shorter one. */
  private record Edit(int start, int end, int newLength) {}

  /** SQL that no user wrote. */
  static Script internal(String sql) {
    return internal(sql, List.of());
  }

  /** SQL that no user wrote, reading files. */
  static Script internal(String sql, List<String> paths) {
    return new Script(sql, 0, 0, List.of(), paths);
  }

  /** A query that a user wrote. */
  static Script of(String userSql) {
    String body = SqlText.withoutTerminator(userSql);
    return new Script(body, 0, body.length(), List.of(), List.of());
  }

  /**
   * A query that a user wrote, reading relative paths from {@code folder}.
   *
   * <p>DuckDB has {@code file_search_path} for that, but looks into the folder that the process was
   * started in first, and so could read another file than the one that was fingerprinted.
   */
  static Script of(String userSql, List<FileUse> files, Path folder) {
    String body = SqlText.withoutTerminator(userSql);
    List<FileUse> relative =
        files.stream()
            .filter(use -> isRelative(use.path()))
            .sorted(Comparator.comparingInt(FileUse::start))
            .toList();
    StringBuilder text = new StringBuilder();
    List<Edit> edits = new ArrayList<>();
    int copied = 0;
    for (FileUse use : relative) {
      if (use.start() < copied) {
        throw new IllegalArgumentException("Cannot tell where '%s' is".formatted(use.path()));
      }
      String path = absolute(use.path(), folder);
      String quoted = use.quote() == '"' ? SqlText.identifier(path) : SqlText.literal(path);
      text.append(body, copied, use.start()).append(quoted);
      edits.add(new Edit(use.start(), use.end(), quoted.length()));
      copied = use.end();
    }
    text.append(body, copied, body.length());
    return new Script(
        text.toString(),
        0,
        text.length(),
        List.copyOf(edits),
        files.stream().map(use -> absolute(use.path(), folder)).toList());
  }

  private static String absolute(String path, Path folder) {
    return isRelative(path) ? folder + "/" + path : path;
  }

  static boolean isRelative(String path) {
    return !path.startsWith("/") && !path.startsWith("~") && !path.matches("(?i)[a-z]+:.*");
  }

  /** This script with more SQL around it. */
  Script within(String before, String after) {
    // The line break ends a comment that may be the last thing in the user's text.
    String separator = bodyEnd == sql.length() && bodyEnd > bodyStart ? "\n" : "";
    int shift = before.length();
    return new Script(
        before + sql + separator + after, bodyStart + shift, bodyEnd + shift, edits, paths);
  }

  String sql() {
    return sql;
  }

  /** Whether no user wrote any of it. */
  boolean isInternal() {
    return bodyEnd == bodyStart;
  }

  /** The files and globs that it names, as absolute paths. */
  List<String> paths() {
    return paths;
  }

  /**
   * Where in the user's text something is, in characters, or -1 if it is not there.
   *
   * @param position in this script, in UTF-8 bytes
   */
  int userOffset(long position) {
    int at = SqlText.charOffset(sql, position);
    if (at < bodyStart || at >= bodyEnd) {
      return -1;
    }
    int offset = at - bodyStart;
    int shift = 0;
    for (Edit edit : edits) {
      int newStart = edit.start() + shift;
      if (offset < newStart) {
        break;
      }
      if (offset < newStart + edit.newLength()) {
        return edit.start();
      }
      shift += edit.newLength() - (edit.end() - edit.start());
    }
    return offset - shift;
  }
}

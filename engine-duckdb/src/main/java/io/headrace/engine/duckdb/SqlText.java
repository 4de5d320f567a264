package io.headrace.engine.duckdb;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Writing and cutting SQL text. Offsets are in characters unless a name says bytes. */
final class SqlText {
  private static final Pattern WORD = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  private SqlText() {}

  /** Quotes a name. */
  static String identifier(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  /** Quotes names and puts commas between them. */
  static String identifiers(List<String> names) {
    return names.stream().map(SqlText::identifier).collect(Collectors.joining(", "));
  }

  /** Quotes a string. */
  static String literal(String text) {
    return '\'' + text.replace("'", "''") + '\'';
  }

  /** Every word in the text, in lower case, also those in strings and comments. */
  static Set<String> words(String sql) {
    Set<String> words = new HashSet<>();
    for (Matcher matcher = WORD.matcher(sql); matcher.find(); ) {
      words.add(matcher.group().toLowerCase(Locale.ROOT));
    }
    return words;
  }

  /**
   * Replaces the semicolons that end the statement by spaces, so that it can stand in parentheses
   * and its offsets stay what they are.
   */
  static String withoutTerminator(String sql) {
    StringBuilder result = null;
    int lastText = -1;
    for (int i = 0; i < sql.length(); ) {
      int end = tokenEnd(sql, i);
      if (sql.charAt(i) == ';') {
        result = result == null ? new StringBuilder(sql) : result;
        result.setCharAt(i, ' ');
      } else if (!Character.isWhitespace(sql.charAt(i)) && !isComment(sql, i)) {
        lastText = i;
        if (result != null && sql.lastIndexOf(';', i) >= 0) {
          // Text after a semicolon: a second statement. Leave it for the parser to refuse.
          return sql;
        }
      }
      i = end;
    }
    return result == null || lastText < 0 ? sql : result.toString();
  }

  /** The first place from {@code start} on that is neither blank nor in a comment. */
  static int skipBlanks(String sql, int start) {
    int i = start;
    while (i < sql.length() && (Character.isWhitespace(sql.charAt(i)) || isComment(sql, i))) {
      i = tokenEnd(sql, i);
    }
    return i < sql.length() ? i : start;
  }

  /** Where the statement behind the first semicolon begins. */
  static int secondStatement(String sql) {
    int i = 0;
    while (i < sql.length() && sql.charAt(i) != ';') {
      i = tokenEnd(sql, i);
    }
    return skipBlanks(sql, Math.min(i + 1, sql.length()));
  }

  /** The end of the token that starts at {@code start}; quoted text and comments are one token. */
  static int tokenEnd(String sql, int start) {
    char c = sql.charAt(start);
    if (c == '\'' || c == '"') {
      boolean escapes = c == '\'' && start > 0 && "eE".indexOf(sql.charAt(start - 1)) >= 0;
      return quotedEnd(sql, start, c, escapes && !isWordPart(sql, start - 2));
    }
    if (sql.startsWith("--", start)) {
      int end = sql.indexOf('\n', start);
      return end < 0 ? sql.length() : end + 1;
    }
    if (sql.startsWith("/*", start)) {
      return blockCommentEnd(sql, start);
    }
    return c == '$' && !isWordPart(sql, start - 1) ? dollarQuotedEnd(sql, start) : start + 1;
  }

  private static boolean isComment(String sql, int start) {
    return sql.startsWith("--", start) || sql.startsWith("/*", start);
  }

  private static boolean isWordPart(String sql, int index) {
    return index >= 0 && (Character.isLetterOrDigit(sql.charAt(index)) || sql.charAt(index) == '_');
  }

  private static int quotedEnd(String sql, int start, char quote, boolean escapes) {
    for (int i = start + 1; i < sql.length(); i++) {
      char c = sql.charAt(i);
      if (escapes && c == '\\') {
        i++;
      } else if (c == quote) {
        if (i + 1 < sql.length() && sql.charAt(i + 1) == quote) {
          i++;
        } else {
          return i + 1;
        }
      }
    }
    return sql.length();
  }

  private static int blockCommentEnd(String sql, int start) {
    int depth = 0;
    for (int i = start; i + 1 < sql.length(); i++) {
      if (sql.startsWith("/*", i)) {
        depth++;
        i++;
      } else if (sql.startsWith("*/", i)) {
        depth--;
        i++;
        if (depth == 0) {
          return i + 1;
        }
      }
    }
    return sql.length();
  }

  private static int dollarQuotedEnd(String sql, int start) {
    int tagEnd = start + 1;
    while (isWordPart(sql, tagEnd < sql.length() ? tagEnd : -1)) {
      tagEnd++;
    }
    if (tagEnd >= sql.length() || sql.charAt(tagEnd) != '$') {
      return start + 1;
    }
    String tag = sql.substring(start, tagEnd + 1);
    int end = sql.indexOf(tag, tagEnd + 1);
    return end < 0 ? sql.length() : end + tag.length();
  }

  /** Turns an offset in UTF-8 bytes, which is how DuckDB counts, into one in characters. */
  static int charOffset(String text, long byteOffset) {
    long bytes = 0;
    int i = 0;
    while (i < text.length() && bytes < byteOffset) {
      int codePoint = text.codePointAt(i);
      bytes += codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
      i += Character.charCount(codePoint);
    }
    return i;
  }
}

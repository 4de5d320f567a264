package io.headrace.sql;

import java.util.ArrayList;
import java.util.List;

/**
 * Cuts SQL into tokens. Knows strings, quoted names, dollar quotes, nested comments and numbers of
 * the PostgreSQL family of dialects; needs no grammar, so it does not change with an engine.
 */
final class SqlLexer {
  /** What a token is. */
  enum Kind {
    WORD,
    QUOTED,
    NUMBER,
    PARAMETER,
    OPERATOR
  }

  /** A token, from {@code start} up to {@code end}. */
  record Token(Kind kind, int start, int end) {
    String text(String sql) {
      return sql.substring(start, end);
    }
  }

  private static final String OPERATOR_CHARACTERS = "+-*/<>=~!@#%^&|`?:";

  private final String sql;
  private int at;

  private SqlLexer(String sql) {
    this.sql = sql;
  }

  static List<Token> tokens(String sql) {
    return new SqlLexer(sql).run();
  }

  private List<Token> run() {
    List<Token> tokens = new ArrayList<>(sql.length() / 4);
    while (skipBlanks()) {
      int start = at;
      Kind kind = next(sql.charAt(at));
      tokens.add(new Token(kind, start, at));
    }
    return tokens;
  }

  private boolean skipBlanks() {
    while (at < sql.length()) {
      char c = sql.charAt(at);
      if (Character.isWhitespace(c) || c == '\uFEFF') {
        at++;
      } else if (sql.startsWith("--", at)) {
        int end = sql.indexOf('\n', at);
        at = end < 0 ? sql.length() : end;
      } else if (sql.startsWith("/*", at)) {
        skipComment();
      } else {
        return true;
      }
    }
    return false;
  }

  private void skipComment() {
    int depth = 0;
    do {
      if (sql.startsWith("/*", at)) {
        depth++;
        at += 2;
      } else if (sql.startsWith("*/", at)) {
        depth--;
        at += 2;
      } else {
        at++;
      }
    } while (depth > 0 && at < sql.length());
  }

  private Kind next(char c) {
    if (c == '\'' || c == '"') {
      skipQuoted(c, false);
      return Kind.QUOTED;
    }
    if ((c == 'e' || c == 'E') && peek(1) == '\'') {
      at++;
      skipQuoted('\'', true);
      return Kind.QUOTED;
    }
    if (sql.regionMatches(true, at, "u&'", 0, 3)) {
      at += 2;
      skipQuoted('\'', false);
      return Kind.QUOTED;
    }
    if ((c == 'x' || c == 'X' || c == 'b' || c == 'B') && peek(1) == '\'') {
      at++;
      skipQuoted('\'', false);
      return Kind.QUOTED;
    }
    if (c == '$') {
      return dollar();
    }
    if (isWordStart(c)) {
      while (at < sql.length() && isWordPart(sql.charAt(at))) {
        at++;
      }
      return Kind.WORD;
    }
    if (Character.isDigit(c) || (c == '.' && Character.isDigit(peek(1)))) {
      skipNumber();
      return Kind.NUMBER;
    }
    at++;
    if (OPERATOR_CHARACTERS.indexOf(c) >= 0) {
      // Operators that touch stay together: a break between them could change what they mean.
      while (at < sql.length()
          && OPERATOR_CHARACTERS.indexOf(sql.charAt(at)) >= 0
          && !sql.startsWith("--", at)
          && !sql.startsWith("/*", at)) {
        at++;
      }
    }
    return Kind.OPERATOR;
  }

  private Kind dollar() {
    int end = at + 1;
    while (end < sql.length() && isWordPart(sql.charAt(end)) && sql.charAt(end) != '$') {
      end++;
    }
    if (end < sql.length() && sql.charAt(end) == '$') {
      String tag = sql.substring(at, end + 1);
      int close = sql.indexOf(tag, end + 1);
      at = close < 0 ? sql.length() : close + tag.length();
      return Kind.QUOTED;
    }
    at = end;
    return Kind.PARAMETER;
  }

  private void skipQuoted(char quote, boolean backslashEscapes) {
    at++;
    while (at < sql.length()) {
      char c = sql.charAt(at++);
      if (c == '\\' && backslashEscapes) {
        at++;
      } else if (c == quote) {
        if (at < sql.length() && sql.charAt(at) == quote) {
          at++;
        } else {
          return;
        }
      }
    }
    at = Math.min(at, sql.length());
  }

  private void skipNumber() {
    while (at < sql.length()) {
      char c = sql.charAt(at);
      boolean sign = (c == '+' || c == '-') && "eE".indexOf(sql.charAt(at - 1)) >= 0;
      if (!Character.isLetterOrDigit(c) && c != '.' && c != '_' && !sign) {
        return;
      }
      at++;
    }
  }

  private char peek(int ahead) {
    return at + ahead < sql.length() ? sql.charAt(at + ahead) : '\0';
  }

  private static boolean isWordStart(char c) {
    return Character.isLetter(c) || c == '_' || c > 127;
  }

  private static boolean isWordPart(char c) {
    return isWordStart(c) || Character.isDigit(c) || c == '$';
  }
}

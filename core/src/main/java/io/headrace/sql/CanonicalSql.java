package io.headrace.sql;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The form of a query that fingerprints cover: comments, white space, a trailing semicolon and the
 * case of reserved words do not count; everything else does. It depends on this class alone, so
 * that an upgrade of an engine rebuilds nothing.
 *
 * <p>Two texts with the same canonical form mean the same. The reverse does not hold, and need not:
 * a difference that does not matter costs one build, which the early cut-off ends.
 */
public final class CanonicalSql {
  /**
   * Words that no query can use as a bare name, so that their case means nothing. Never change this
   * set without changing the version of fingerprints.
   */
  private static final Set<String> RESERVED =
      Set.of(
          "all",
          "and",
          "any",
          "as",
          "asc",
          "between",
          "both",
          "by",
          "case",
          "cast",
          "collate",
          "cross",
          "desc",
          "distinct",
          "else",
          "end",
          "except",
          "exists",
          "false",
          "fetch",
          "for",
          "from",
          "full",
          "group",
          "having",
          "ilike",
          "in",
          "inner",
          "intersect",
          "is",
          "join",
          "lateral",
          "left",
          "like",
          "limit",
          "natural",
          "not",
          "null",
          "offset",
          "on",
          "or",
          "order",
          "outer",
          "over",
          "partition",
          "qualify",
          "right",
          "select",
          "some",
          "then",
          "true",
          "union",
          "unique",
          "using",
          "values",
          "when",
          "where",
          "window",
          "with");

  private CanonicalSql() {}

  /** Where the query begins, behind its comments; 0 if there is nothing else. */
  public static int start(String sql) {
    List<SqlLexer.Token> tokens = SqlLexer.tokens(sql);
    return tokens.isEmpty() ? 0 : tokens.get(0).start();
  }

  /** Returns the canonical form. */
  public static String of(String sql) {
    List<SqlLexer.Token> tokens = SqlLexer.tokens(sql);
    StringBuilder canonical = new StringBuilder(sql.length());
    String before = "";
    for (SqlLexer.Token token : tokens) {
      String text = token.text(sql);
      // After AS or a dot even a reserved word is a name, whose case shows in the result.
      boolean isName = before.equalsIgnoreCase("as") || before.equals(".");
      if (token.kind() == SqlLexer.Kind.WORD && !isName) {
        String lower = text.toLowerCase(Locale.ROOT);
        text = RESERVED.contains(lower) ? lower : text;
      }
      if (!canonical.isEmpty()) {
        canonical.append(' ');
      }
      canonical.append(text);
      before = text;
    }
    int end = canonical.length();
    while (end > 0 && (canonical.charAt(end - 1) == ';' || canonical.charAt(end - 1) == ' ')) {
      end--;
    }
    return canonical.substring(0, end);
  }
}

package io.headrace.sql;

import java.util.List;

/** A query as a part of another one. */
public final class Subquery {
  private Subquery() {}

  /** The query in parentheses, without what may end it: semicolons and comments. */
  public static String of(String sql) {
    List<SqlLexer.Token> tokens = SqlLexer.tokens(sql);
    int last = tokens.size() - 1;
    while (last >= 0 && tokens.get(last).text(sql).equals(";")) {
      last--;
    }
    return last < 0 ? "()" : "(" + sql.substring(0, tokens.get(last).end()) + ")";
  }
}

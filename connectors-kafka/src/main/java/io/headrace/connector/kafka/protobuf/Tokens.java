package io.headrace.connector.kafka.protobuf;

import java.util.Locale;

/** The words, numbers, texts and signs of a schema, one after the other. */
final class Tokens {
  private final String file;
  private final String text;
  private int at;
  private Token next;

  /** What a token is. */
  enum Kind {
    WORD,
    NUMBER,
    TEXT,
    SIGN,
    END
  }

  /**
   * A token.
   *
   * @param text of a {@code TEXT} what is between its quotes
   * @param place the index of its first character
   */
  record Token(Kind kind, String text, int place) {
    boolean is(String word) {
      return kind != Kind.TEXT && text.equals(word);
    }
  }

  /**
   * @param file what it is called in errors
   */
  Tokens(String file, String text) throws SchemaTextException {
    this.file = file;
    this.text = text;
    this.next = scan();
  }

  Token peek() {
    return next;
  }

  Token take() throws SchemaTextException {
    Token token = next;
    next = scan();
    return token;
  }

  /** Takes the next token if it is this one. */
  boolean takes(String word) throws SchemaTextException {
    boolean is = next.is(word);
    if (is) {
      take();
    }
    return is;
  }

  void require(String word) throws SchemaTextException {
    if (!takes(word)) {
      throw wrong(next, "expected '%s', found %s".formatted(word, shown(next)));
    }
  }

  Token require(Kind kind) throws SchemaTextException {
    if (next.kind() != kind) {
      throw wrong(
          next,
          "expected a %s, found %s".formatted(kind.name().toLowerCase(Locale.ROOT), shown(next)));
    }
    return take();
  }

  /** A whole number in the ways that schemas write it. */
  int number() throws SchemaTextException {
    boolean isNegative = takes("-");
    Token token = require(Kind.NUMBER);
    try {
      long value = Long.decode(token.text());
      return Math.toIntExact(isNegative ? -value : value);
    } catch (NumberFormatException | ArithmeticException e) {
      throw wrong(token, "'%s' is no number of 32 bits".formatted(token.text()));
    }
  }

  /** Words with points between them, and perhaps one before them. */
  String name() throws SchemaTextException {
    StringBuilder name = new StringBuilder(takes(".") ? "." : "");
    name.append(require(Kind.WORD).text());
    while (takes(".")) {
      name.append('.').append(require(Kind.WORD).text());
    }
    return name.toString();
  }

  /** Passes what is up to the sign, and the sign, with all that is in brackets. */
  void skipPast(String sign) throws SchemaTextException {
    int depth = 0;
    while (depth > 0 || !next.is(sign)) {
      Token token = take();
      if (token.kind() == Kind.END) {
        throw wrong(token, "expected '%s', found the end".formatted(sign));
      }
      if (token.is("{") || token.is("[") || token.is("(")) {
        depth++;
      } else if (token.is("}") || token.is("]") || token.is(")")) {
        depth--;
      }
    }
    take();
  }

  /** Passes a block and its brackets. */
  void skipBlock() throws SchemaTextException {
    require("{");
    skipPast("}");
  }

  private static String shown(Token token) {
    return token.kind() == Kind.END ? "the end" : "'%s'".formatted(token.text());
  }

  /** An error at a token. */
  SchemaTextException wrong(Token token, String reason) {
    return wrong(token.place(), reason);
  }

  private SchemaTextException wrong(int place, String reason) {
    int line = 1;
    int begin = 0;
    for (int i = 0; i < place; i++) {
      if (text.charAt(i) == '\n') {
        line++;
        begin = i + 1;
      }
    }
    return new SchemaTextException(file, line, place - begin + 1, reason);
  }

  private Token scan() throws SchemaTextException {
    skipBlank();
    int start = at;
    if (at == text.length()) {
      return new Token(Kind.END, "", start);
    }
    char c = text.charAt(at);
    if (isLetter(c)) {
      while (at < text.length() && (isLetter(text.charAt(at)) || isDigit(text.charAt(at)))) {
        at++;
      }
      return new Token(Kind.WORD, text.substring(start, at), start);
    }
    boolean isPoint = c == '.' && at + 1 < text.length() && isDigit(text.charAt(at + 1));
    if (isDigit(c) || isPoint) {
      return number(start);
    }
    if (c == '"' || c == '\'') {
      return quoted(start, c);
    }
    at++;
    return new Token(Kind.SIGN, String.valueOf(c), start);
  }

  private Token number(int start) {
    while (at < text.length()) {
      char c = text.charAt(at);
      boolean isSign =
          (c == '+' || c == '-') && "eE".indexOf(text.charAt(at - 1)) >= 0 && at > start;
      if (!isSign && !isLetter(c) && !isDigit(c) && c != '.') {
        break;
      }
      at++;
    }
    return new Token(Kind.NUMBER, text.substring(start, at), start);
  }

  /** What is in it is of no meaning for rows, but for names of files, which have no escapes. */
  private Token quoted(int start, char quote) throws SchemaTextException {
    at++;
    while (at < text.length() && text.charAt(at) != quote && text.charAt(at) != '\n') {
      at += text.charAt(at) == '\\' ? 2 : 1;
    }
    if (at >= text.length() || text.charAt(at) != quote) {
      throw wrong(start, "a text has no end");
    }
    at++;
    return new Token(Kind.TEXT, text.substring(start + 1, at - 1), start);
  }

  private void skipBlank() throws SchemaTextException {
    while (at < text.length()) {
      if (text.startsWith("//", at)) {
        int end = text.indexOf('\n', at);
        at = end < 0 ? text.length() : end;
      } else if (text.startsWith("/*", at)) {
        int end = text.indexOf("*/", at + 2);
        if (end < 0) {
          throw wrong(at, "a comment has no end");
        }
        at = end + 2;
      } else if (Character.isWhitespace(text.charAt(at)) || text.charAt(at) == '\uFEFF') {
        at++;
      } else {
        return;
      }
    }
  }

  private static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}

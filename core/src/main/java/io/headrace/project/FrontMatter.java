package io.headrace.project;

import java.util.Optional;

/**
 * The YAML in the first comment of a SQL file, between <code>/*---</code> and <code>---*&#47;
 * </code>.
 *
 * @param yaml the text between
 * @param firstLine the line of the file on which it starts, from 1
 * @param closed whether the end was found
 */
record FrontMatter(String yaml, int firstLine, boolean closed) {
  private static final String START = "/*---";
  private static final String END = "---*/";

  static Optional<FrontMatter> find(String text) {
    int start = 0;
    int line = 1;
    while (start < text.length()
        && (Character.isWhitespace(text.charAt(start)) || text.charAt(start) == '\uFEFF')) {
      line += text.charAt(start) == '\n' ? 1 : 0;
      start++;
    }
    if (!text.startsWith(START, start)) {
      return Optional.empty();
    }
    int from = start + START.length();
    int end = text.indexOf(END, from);
    return Optional.of(
        new FrontMatter(text.substring(from, end < 0 ? text.length() : end), line, end >= 0));
  }
}

package io.headrace.project;

import io.headrace.engine.Query.PathColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A pattern of file names in which some parts have names, such as {@code data/{month}.parquet}:
 * each named part is a column.
 *
 * @param glob the same pattern with {@code *} for each named part
 * @param isClear whether it says which part of a path a name stands for: not if any number of
 *     folders may follow
 */
record PathPattern(String glob, List<PathColumn> columns, boolean isClear) {
  private static final Pattern NAMED = Pattern.compile("\\{([a-z_][a-z0-9_]*)}");
  private static final Pattern PART = Pattern.compile(NAMED + "|\\*\\*/|\\*|\\?|\\[!?[^\\]]+]|.");
  private static final Pattern UPWARDS = Pattern.compile("^(.*/)?\\.\\.?/");

  PathPattern {
    columns = List.copyOf(columns);
  }

  static PathPattern parse(String text) {
    List<PathColumn> columns = new ArrayList<>();
    // Paths that are matched have no dots any more.
    String below = UPWARDS.matcher(text).replaceFirst("");
    int first = below.length();
    for (Matcher named = NAMED.matcher(below); named.find(); ) {
      columns.add(new PathColumn(named.group(1), expression(below, named.start())));
      first = Math.min(first, named.start());
    }
    return new PathPattern(
        NAMED.matcher(text).replaceAll("*"), columns, below.lastIndexOf("**") < first);
  }

  /** What finds paths that match, in a syntax that Java and RE2 understand alike. */
  private static String expression(String text, int wanted) {
    StringBuilder result = new StringBuilder("(?:^|/)");
    for (Matcher part = PART.matcher(text); part.find(); ) {
      String found = part.group();
      if (part.group(1) != null) {
        result.append(part.start() == wanted ? "([^/]+)" : "[^/]+");
      } else if (found.equals("**/")) {
        result.append("(?:.*/)?");
      } else if (found.length() > 2) {
        result.append(found.replace("[!", "[^"));
      } else if (found.equals("*") || found.equals("?")) {
        result.append(found.equals("*") ? "[^/]*" : "[^/]");
      } else if (Character.isLetterOrDigit(found.charAt(0)) || found.equals("/")) {
        result.append(found);
      } else {
        result.append('\\').append(found);
      }
    }
    return result.append('$').toString();
  }
}

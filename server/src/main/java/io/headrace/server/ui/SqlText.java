package io.headrace.server.ui;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A text cut into lines, and SQL into what is shown in one style. A guess: it parses nothing. */
public final class SqlText {
  private static final Pattern TOKENS =
      Pattern.compile(
          "(?<comment>--[^\\n]*|/\\*(?s:.*?)(?:\\*/|\\z))"
              + "|(?<string>'(?:[^']|'')*+'?)|(?<number>\\b\\d[\\d_.]*\\b)|(?<word>[A-Za-z_]\\w*+)");

  private static final Set<String> KEYWORDS =
      Set.of(
          ("all and any as asc between by case cast coalesce count cross current_date date_trunc"
                  + " desc distinct else end except exclude exists false filter first following from"
                  + " full group having if ilike in inner intersect interval is join last lateral"
                  + " left like limit max min not null nulls offset on or order outer over partition"
                  + " pivot preceding qualify range recursive replace right row rows select sum then"
                  + " true unbounded union unnest unpivot using values when where window with")
              .split(" "));

  private SqlText() {}

  /**
   * A part of a line.
   *
   * @param style its class, or empty
   */
  public record Part(String text, String style) {}

  /** Lines of anything. */
  static List<List<Part>> plain(String text) {
    return lines(List.of(new Part(text, "")));
  }

  /** Lines of SQL. */
  static List<List<Part>> sql(String text) {
    List<Part> parts = new ArrayList<>();
    Matcher matcher = TOKENS.matcher(text);
    int end = 0;
    while (matcher.find()) {
      String style = style(matcher);
      if (!style.isEmpty()) {
        parts.add(new Part(text.substring(end, matcher.start()), ""));
        parts.add(new Part(matcher.group(), style));
        end = matcher.end();
      }
    }
    parts.add(new Part(text.substring(end), ""));
    return lines(parts);
  }

  private static String style(Matcher matcher) {
    if (matcher.group("comment") != null) {
      return "c";
    }
    if (matcher.group("string") != null) {
      return "s";
    }
    if (matcher.group("number") != null) {
      return "n";
    }
    return KEYWORDS.contains(matcher.group().toLowerCase(Locale.ROOT)) ? "k" : "";
  }

  private static List<List<Part>> lines(List<Part> parts) {
    List<List<Part>> lines = new ArrayList<>();
    List<Part> line = new ArrayList<>();
    for (Part part : parts) {
      String[] texts = part.text().split("\\R", -1);
      for (int i = 0; i < texts.length; i++) {
        if (i > 0) {
          lines.add(line);
          line = new ArrayList<>();
        }
        if (!texts[i].isEmpty()) {
          line.add(new Part(texts[i], part.style()));
        }
      }
    }
    if (!line.isEmpty()) {
      lines.add(line);
    }
    return lines;
  }
}

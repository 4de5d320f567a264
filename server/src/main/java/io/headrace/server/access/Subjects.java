package io.headrace.server.access;

import io.headrace.error.HeadraceException;
import io.headrace.server.json.JsonReader;
import io.headrace.server.route.Route;
import io.javalin.http.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What a request is about, for the audit log: what its path names, and what is sent that is no
 * secret. Texts that nobody knows are left out, since they could be one.
 */
final class Subjects {
  private static final Set<String> ELSEWHERE = Set.of("project", "environment", "parameters");

  /** Words of commands. */
  private static final String ARGUMENTS = "arguments";

  private static final String PARAMETER = "--param";

  /** Its condition names somebody who wants to be forgotten. */
  private static final String CONDITION = "--where";

  private static final String UNSAID = "…";

  private Subjects() {}

  static String of(Context context, Route route) {
    List<String> parts = new ArrayList<>();
    for (String variable : route.variables()) {
      if (!ELSEWHERE.contains(variable)) {
        parts.add(context.pathParam(variable));
      }
    }
    if (route.style() == Route.Style.API && !route.keys().isEmpty()) {
      addSent(context, route, parts);
    }
    return String.join(" ", parts);
  }

  private static void addSent(Context context, Route route, List<String> parts) {
    try {
      JsonReader sent = JsonReader.read(context.body(), route.keys());
      for (String key : route.keys()) {
        if (!ELSEWHERE.contains(key) && sent.has(key)) {
          List<String> texts = sent.texts(key);
          parts.add(key + "=" + String.join(",", key.equals(ARGUMENTS) ? told(texts) : texts));
        }
      }
    } catch (HeadraceException e) {
      parts.add("(not readable)");
    }
  }

  /** The words of a command, without the values of parameters and what rows are erased by. */
  private static List<String> told(List<String> words) {
    List<String> told = new ArrayList<>();
    String before = "";
    for (String word : words) {
      told.add(told(before, word));
      before = word;
    }
    return told;
  }

  private static String told(String before, String word) {
    if (before.equals(PARAMETER) || word.startsWith(PARAMETER + "=")) {
      int name = before.equals(PARAMETER) ? 0 : PARAMETER.length() + 1;
      int value = word.indexOf('=', name);
      return (value < 0 ? word.substring(0, name) : word.substring(0, value + 1)) + UNSAID;
    }
    if (before.equals(CONDITION)) {
      return UNSAID;
    }
    return word.startsWith(CONDITION + "=") ? CONDITION + "=" + UNSAID : word;
  }
}

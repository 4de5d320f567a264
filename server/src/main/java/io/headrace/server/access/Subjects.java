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
          parts.add(key + "=" + String.join(",", sent.texts(key)));
        }
      }
    } catch (HeadraceException e) {
      parts.add("(not readable)");
    }
  }
}

package io.headrace.server.ui;

import io.headrace.server.route.Projects;
import io.headrace.server.route.Route;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

/** The few files that pages are made of, besides their HTML. */
final class Assets {
  private static final Map<String, String> TYPES =
      Map.of(
          "headrace.css", "text/css; charset=utf-8",
          "headrace.js", "text/javascript; charset=utf-8",
          "query.js", "text/javascript; charset=utf-8",
          "graph.js", "text/javascript; charset=utf-8",
          "headrace.svg", "image/svg+xml");

  private Assets() {}

  static Route route() {
    return Pages.route("/assets/{file}", "Style, scripts and pictures of pages", Assets::serve)
        .open();
  }

  private static void serve(Context context) throws IOException {
    String file = context.pathParam("file");
    String type = TYPES.get(file);
    if (type == null) {
      throw Projects.missing("file", file, TYPES.keySet());
    }
    try (InputStream in = Assets.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("The jar lacks " + file);
      }
      // Asked for again each time: a page must never get the script of another release.
      context.header("Cache-Control", "no-cache").contentType(type).result(in.readAllBytes());
    }
  }
}

package io.headrace.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import io.headrace.server.command.CommandDesk;
import io.headrace.server.json.Json;
import io.headrace.server.route.Projects;
import io.headrace.server.route.Route;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The API's reference and its description are what its routes are. */
class RoutesTest {
  private static final Path REFERENCE = Path.of("../docs/reference/rest-api.md");
  private static final String HEAD = "| request | what it does | takes |\n|---|---|---|\n";

  private static final CommandDesk DESK =
      new CommandDesk((project, arguments, asked, out, err, cancel) -> 0, Clock.systemUTC());

  private final List<Route> routes =
      Api.routes(
          new Projects(new TreeMap<>()),
          DESK,
          AccessRoutes.routes(
              () -> {
                throw new AssertionError("Nobody asks");
              }));

  private static String row(Route route) {
    String path = route.path().substring(Api.ROOT.length());
    String takes =
        Stream.concat(
                route.query().stream().map("`?%s`"::formatted),
                route.keys().stream().map("`%s`"::formatted))
            .collect(Collectors.joining(", "));
    return "| `%s %s` | %s | %s |\n".formatted(route.method(), path, route.summary(), takes);
  }

  @Test
  void theReferenceHasThem() throws IOException {
    String rows = HEAD + routes.stream().map(RoutesTest::row).collect(Collectors.joining());
    String text = Files.readString(REFERENCE);
    if ("write".equals(System.getProperty("snapshots"))) {
      int start = text.indexOf(HEAD);
      int end = text.indexOf("\n\n", start) + 1;
      Files.writeString(REFERENCE, text.substring(0, start) + rows + text.substring(end));
      return;
    }
    assertThat(text).contains(rows + "\n");
  }

  @Test
  void eachIsThereOnce() {
    assertThat(routes).extracting(route -> route.method() + route.path()).doesNotHaveDuplicates();
  }

  @Test
  void theDescriptionHasThemAndTheirParameters() throws IOException {
    String json = Json.write(OpenApi.of(routes));
    try (JsonParser parser = new JsonFactory().createParser(json)) {
      while (parser.nextToken() != null) {
        // To the end: it is one whole value.
      }
    }
    for (Route route : routes) {
      assertThat(json).contains("\"%s\":{".formatted(route.path())).contains(route.summary());
      route
          .variables()
          .forEach(
              name ->
                  assertThat(json).contains("{\"name\":\"%s\",\"in\":\"path\"".formatted(name)));
      route.keys().forEach(key -> assertThat(json).contains("\"%s\":{\"type\":".formatted(key)));
    }
  }
}

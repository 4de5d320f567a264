package io.headrace.cli;

import io.headrace.error.ConflictException;
import io.headrace.error.HeadraceException;
import io.headrace.error.NearestWord;
import io.headrace.error.UsageException;
import io.headrace.server.access.Doorway;
import io.headrace.server.json.Json;
import io.headrace.server.json.JsonReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Asks the API of a server about one project. For one thread, but for {@link #tryPost}. */
final class ServerConnection {
  private static final Pattern ADDRESS =
      Pattern.compile("(https?://([^/?#\\s]+?)(?::\\d+)?)(?:/projects/([^/?#\\s]+))?/?");
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  /** So often, and after so long each time, a lost connection is made anew. */
  private static final int MOST_ATTEMPTS = 10;

  private static final long WAIT_MILLIS = 500;

  private final HttpClient client =
      HttpClient.newBuilder()
          .connectTimeout(TIMEOUT)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();
  private final String server;
  private final String named;
  private final Optional<String> token;

  /**
   * @param address of a server, or of one of its projects as its pages have it
   * @param token that says who asks
   * @throws UsageException if it is no such address, or one to which a token would go readable by
   *     everybody on the way
   */
  ServerConnection(String address, Optional<String> token) {
    Matcher matcher = ADDRESS.matcher(address);
    if (!matcher.matches()) {
      throw new UsageException(
          "'%s' is no address of a server".formatted(address),
          "Give one such as http://127.0.0.1:8080 or https://data.example.com/projects/shop");
    }
    this.server = matcher.group(1);
    this.named = Optional.ofNullable(matcher.group(3)).orElse("");
    this.token = token;
    if (token.isPresent()
        && !server.startsWith("https:")
        && !Doorway.OWN.contains(matcher.group(2))) {
      throw new UsageException(
          "A token is not sent to '%s' without encryption".formatted(server),
          "Give the server's https address");
    }
  }

  /** The path of the project in the API: the one that the address names, or the only one. */
  String project() throws IOException, InterruptedException {
    List<String> names =
        JsonReader.answer(text(request("/api/v1/projects").GET())).stream()
            .flatMap(project -> project.text("project").stream())
            .toList();
    String name = named.isEmpty() && names.size() == 1 ? names.get(0) : named;
    if (!names.contains(name)) {
      throw new UsageException(
          name.isEmpty()
              ? "'%s' has several projects".formatted(server)
              : "'%s' has no project '%s'".formatted(server, name),
          name.isEmpty()
              ? "Say which, such as %s/projects/%s".formatted(server, names.get(0))
              : NearestWord.hint(name, names, "It has " + String.join(", ", names)));
    }
    return "/api/v1/projects/" + name;
  }

  /**
   * Sends an object, until it is answered.
   *
   * @param key by which the server knows that it was sent before
   */
  JsonReader post(String path, String key, Map<String, @Nullable Object> object)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        request(path)
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", key)
            .POST(BodyPublishers.ofString(Json.write(object)));
    for (int attempt = 1; ; attempt++) {
      try {
        return JsonReader.answer(text(request)).get(0);
      } catch (IOException e) {
        waitOrThrow(attempt, e);
      }
    }
  }

  /** Sends nothing to a path, and does not wait long for the answer, whatever it is. */
  void tryPost(String path) {
    try {
      HttpRequest request =
          request(path).timeout(Duration.ofSeconds(5)).POST(BodyPublishers.noBody()).build();
      HttpResponse<Void> unused = client.send(request, BodyHandlers.discarding());
    } catch (IOException e) {
      // Whoever stops a command and cannot reach the server is not told more than that it ends.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Hears server-sent events to the last one, each once.
   *
   * @param told the name of each event, and its object
   * @param last makes a result of the event {@code over}
   */
  <T> T follow(String path, BiConsumer<String, JsonReader> told, Function<JsonReader, T> last)
      throws IOException, InterruptedException {
    String known = "0";
    int attempt = 0;
    while (true) {
      // The timeout is that of the answer's beginning: a stream may last for hours.
      HttpRequest request =
          request(path).timeout(TIMEOUT).header("Last-Event-ID", known).GET().build();
      try {
        HttpResponse<Stream<String>> response = client.send(request, BodyHandlers.ofLines());
        try (Stream<String> lines = response.body()) {
          if (response.statusCode() != 200) {
            throw refused(response.statusCode(), String.join("\n", lines.toList()));
          }
          String event = "";
          Iterator<String> each = lines.iterator();
          while (each.hasNext()) {
            String line = each.next();
            if (line.startsWith("id: ")) {
              known = line.substring("id: ".length());
              attempt = 0;
            } else if (line.startsWith("event: ")) {
              event = line.substring("event: ".length());
            } else if (line.startsWith("data: ")) {
              JsonReader object = JsonReader.answer(line.substring("data: ".length())).get(0);
              if (event.equals("over")) {
                return last.apply(object);
              }
              told.accept(event, object);
            }
          }
        }
        throw new IOException("it went away");
      } catch (UncheckedIOException e) {
        attempt++;
        waitOrThrow(attempt, new IOException(e.getMessage(), e));
      } catch (IOException e) {
        attempt++;
        waitOrThrow(attempt, e);
      }
    }
  }

  private static void waitOrThrow(int attempt, IOException failure)
      throws IOException, InterruptedException {
    if (attempt >= MOST_ATTEMPTS) {
      throw failure;
    }
    Thread.sleep(WAIT_MILLIS);
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server + path)).timeout(TIMEOUT);
    token.ifPresent(text -> request.header("Authorization", "Bearer " + text));
    return request;
  }

  /** The text of a good answer. */
  private String text(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpResponse<String> response;
    try {
      response = client.send(request.build(), BodyHandlers.ofString());
    } catch (ConnectException e) {
      throw new HeadraceException(
          "Nobody answers at '%s'".formatted(server),
          "Start it there with `headrace serve`, or leave out --server");
    }
    if (response.statusCode() >= 300) {
      throw refused(response.statusCode(), response.body());
    }
    return response.body();
  }

  /** What a server refuses, in its words. */
  private HeadraceException refused(int status, String body) throws IOException {
    JsonReader answer;
    try {
      answer = JsonReader.answer(body).get(0);
    } catch (IOException | IndexOutOfBoundsException e) {
      return new UsageException(
          "'%s' answers with %d, not as a Headrace server does".formatted(server, status),
          "See its address");
    }
    String message = answer.text("error").orElse("The server refused it with " + status);
    String hint = answer.text("hint").orElse("");
    return switch (status) {
      case 400, 404 -> new UsageException(message, hint);
      case 401 -> new UsageException(message, "Put a token of the server into HEADRACE_TOKEN");
      case 409 -> new ConflictException(message, hint);
      default -> new HeadraceException(message, hint);
    };
  }
}

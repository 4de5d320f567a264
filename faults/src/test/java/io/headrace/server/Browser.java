package io.headrace.server;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Chromium without a window, with one page, told what to do by its DevTools protocol. Used by one
 * thread.
 */
final class Browser implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long LONGEST_WAIT = 20;

  private final Process process;
  private final WebSocket socket;
  private final String session;
  private final AtomicInteger calls = new AtomicInteger();
  private final Map<Integer, CompletableFuture<JsonNode>> open = new ConcurrentHashMap<>();
  private final List<String> errors = new CopyOnWriteArrayList<>();

  private Browser(Process process, String address) {
    this.process = process;
    this.socket =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .buildAsync(URI.create(address), new Listener())
            .join();
    String target =
        call("", "Target.createTarget", Map.of("url", "about:blank")).get("targetId").asText();
    this.session =
        call("", "Target.attachToTarget", Map.of("targetId", target, "flatten", true))
            .get("sessionId")
            .asText();
    List.of("Runtime", "Log").forEach(domain -> call(domain + ".enable", Map.of()));
  }

  /**
   * Starts a browser.
   *
   * @param folder an empty one of its own
   */
  static Browser start(Path folder) {
    ProcessBuilder chromium =
        new ProcessBuilder(
                "chromium",
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
                "--disable-background-networking",
                "--remote-debugging-port=0",
                "--user-data-dir=" + folder,
                "--window-size=1280,900")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("output").toFile());
    Process process;
    try {
      process = chromium.start();
    } catch (IOException e) {
      throw new AssertionError("Tests of pages need `chromium` on the path: install it", e);
    }
    Path port = folder.resolve("DevToolsActivePort");
    Serving.await(() -> Files.exists(port) && lines(port).size() > 1);
    return new Browser(
        process, "ws://127.0.0.1:%s%s".formatted(lines(port).get(0), lines(port).get(1)));
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      return List.of();
    }
  }

  private final class Listener implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        String whole = text.toString();
        text.setLength(0);
        try {
          heard(JSON.readTree(whole));
        } catch (IOException e) {
          errors.add(e.toString());
        }
      }
      from.request(1);
      return CompletableFuture.completedFuture(null);
    }
  }

  private void heard(JsonNode message) {
    if (message.has("id")) {
      requireNonNull(open.remove(message.get("id").asInt())).complete(message);
      return;
    }
    JsonNode what = message.path("params");
    switch (message.path("method").asText()) {
      case "Runtime.exceptionThrown" ->
          errors.add(what.at("/exceptionDetails/exception/description").asText());
      case "Log.entryAdded" -> {
        if (what.at("/entry/level").asText().equals("error")) {
          errors.add(what.at("/entry/text").asText() + " " + what.at("/entry/url").asText());
        }
      }
      case "Runtime.consoleAPICalled" -> {
        if (what.path("type").asText().equals("error")) {
          errors.add(what.path("args").toString());
        }
      }
      default -> {
        // Nobody asked for it.
      }
    }
  }

  private JsonNode call(String method, Map<String, Object> parameters) {
    return call(session, method, parameters);
  }

  private JsonNode call(String to, String method, Map<String, Object> parameters) {
    int id = calls.incrementAndGet();
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    open.put(id, answer);
    Map<String, Object> message =
        to.isEmpty()
            ? Map.of("id", id, "method", method, "params", parameters)
            : Map.of("id", id, "method", method, "params", parameters, "sessionId", to);
    JsonNode said;
    try {
      socket.sendText(JSON.writeValueAsString(message), true).join();
      said = answer.get(LONGEST_WAIT, TimeUnit.SECONDS);
    } catch (IOException | InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError(method, e);
    }
    if (said.has("error")) {
      throw new AssertionError(method + ": " + said.get("error"));
    }
    return said.get("result");
  }

  /** Goes to an address, and waits until all of the page is there. */
  void go(String address) {
    call("Page.navigate", Map.of("url", address));
    await("true");
  }

  /** The value of an expression, or of what it promises, as text. */
  String evaluate(String script) {
    JsonNode result =
        call(
            "Runtime.evaluate",
            Map.of("expression", script, "returnByValue", true, "awaitPromise", true));
    if (result.has("exceptionDetails")) {
      throw new AssertionError(script + ": " + result.get("exceptionDetails"));
    }
    return result.path("result").path("value").asText();
  }

  /** Waits until all of a page is there, and an expression is true. */
  void await(String script) {
    Serving.await(
        () ->
            evaluate("String(!!(document.readyState === 'complete' && (" + script + ")))")
                .equals("true"));
  }

  /** Clicks an element as a person does, in its middle. */
  void click(String selector) {
    String[] place =
        evaluate(
                "(() => { const e = document.querySelector('%s'); e.scrollIntoView({block: 'center'});"
                        .formatted(selector)
                    + "const b = e.getBoundingClientRect();"
                    + "return (b.x + b.width / 2) + ' ' + (b.y + b.height / 2); })()")
            .split(" ", 2);
    for (String type : List.of("mousePressed", "mouseReleased")) {
      call(
          "Input.dispatchMouseEvent",
          Map.of(
              "type",
              type,
              "x",
              Double.valueOf(place[0]),
              "y",
              Double.valueOf(place[1]),
              "button",
              "left",
              "clickCount",
              1));
    }
  }

  /** Types a text where the cursor is. */
  void type(String text) {
    call("Input.insertText", Map.of("text", text));
  }

  /**
   * Presses a key.
   *
   * @param modifiers 2 for Ctrl
   */
  void press(String key, String text, int modifiers) {
    call(
        "Input.dispatchKeyEvent",
        Map.of("type", "keyDown", "key", key, "text", text, "modifiers", modifiers));
    call("Input.dispatchKeyEvent", Map.of("type", "keyUp", "key", key, "modifiers", modifiers));
  }

  /** What the system prefers: {@code light} or {@code dark}. */
  void prefer(String scheme) {
    call(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
  }

  /** What went wrong on pages since this was asked before. */
  List<String> errors() {
    List<String> since = List.copyOf(errors);
    errors.clear();
    return since;
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    try {
      boolean unused = process.waitFor(LONGEST_WAIT, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

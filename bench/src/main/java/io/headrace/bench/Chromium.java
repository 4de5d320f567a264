package io.headrace.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Chromium without a window, which says by its DevTools protocol when it has painted a page. */
final class Chromium implements AutoCloseable {
  /** Two frames after all is there, the first of them has been painted. */
  private static final String PAINTED =
      "new Promise(done => {"
          + " const painted = () => requestAnimationFrame(() =>"
          + " requestAnimationFrame(() => done(performance.now())));"
          + " document.readyState === 'complete' ? painted() : addEventListener('load', painted)})";

  private static final Pattern SOCKET = Pattern.compile("\"webSocketDebuggerUrl\": *\"([^\"]+)\"");
  private static final Pattern VALUE = Pattern.compile("\"value\":([0-9.]+)");
  private static final int LONGEST_WAIT = 30;

  private final HttpClient client = HttpClient.newHttpClient();
  private final Process process;
  private final String address;

  /**
   * Starts one.
   *
   * @param folder an empty one of its own
   * @throws IOException if there is no {@code chromium}, or it does not start
   */
  Chromium(Path folder) throws IOException, InterruptedException {
    Files.createDirectories(folder);
    this.process =
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
            .redirectOutput(folder.resolve("output").toFile())
            .start();
    Path port = folder.resolve("DevToolsActivePort");
    // Its second line is the last that is written.
    for (int i = 0; !Files.exists(port) || Files.readAllLines(port).size() < 2; i++) {
      if (i > LONGEST_WAIT * 100 || !process.isAlive()) {
        close();
        throw new IOException("Chromium does not start: see " + folder.resolve("output"));
      }
      Thread.sleep(10);
    }
    this.address = "http://127.0.0.1:" + Files.readAllLines(port).get(0);
  }

  /** From the begin of the navigation to a page until it is painted, in seconds. */
  double secondsToPaint(String url) throws IOException, InterruptedException {
    String tab =
        client
            .send(
                HttpRequest.newBuilder(URI.create(address + "/json/new?about:blank"))
                    .PUT(HttpRequest.BodyPublishers.noBody())
                    .build(),
                BodyHandlers.ofString())
            .body();
    BlockingQueue<String> answers = new ArrayBlockingQueue<>(1);
    WebSocket socket =
        client
            .newWebSocketBuilder()
            .buildAsync(URI.create(find(SOCKET, tab)), new Answers(answers))
            .join();
    try {
      // Answered when the page is the new one, so that it is this that is asked.
      String gone = ask(socket, answers, "Page.navigate", "\"url\":\"" + url + '"');
      if (!gone.contains("frameId") || gone.contains("errorText")) {
        throw new IOException("Chromium said: " + gone);
      }
      String painted =
          ask(
              socket,
              answers,
              "Runtime.evaluate",
              "\"awaitPromise\":true,\"expression\":\"" + PAINTED + '"');
      return Double.parseDouble(find(VALUE, painted)) / 1000;
    } finally {
      socket.abort();
    }
  }

  private static String ask(
      WebSocket socket, BlockingQueue<String> answers, String method, String parameters)
      throws InterruptedException {
    socket
        .sendText(
            "{\"id\":1,\"method\":\"%s\",\"params\":{%s}}".formatted(method, parameters), true)
        .join();
    return String.valueOf(answers.poll(LONGEST_WAIT, TimeUnit.SECONDS));
  }

  private static String find(Pattern pattern, String text) throws IOException {
    Matcher matcher = pattern.matcher(text);
    if (!matcher.find()) {
      throw new IOException("Chromium said: " + text);
    }
    return matcher.group(1);
  }

  /** One answer to each question, which may come in parts. */
  private static final class Answers implements WebSocket.Listener {
    private final BlockingQueue<String> whole;
    private final StringBuilder text = new StringBuilder();

    Answers(BlockingQueue<String> whole) {
      this.whole = whole;
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        boolean unused = whole.offer(text.toString());
        text.setLength(0);
      }
      from.request(1);
      return CompletableFuture.completedFuture(null);
    }
  }

  @Override
  public void close() {
    Machine.end(process);
  }
}

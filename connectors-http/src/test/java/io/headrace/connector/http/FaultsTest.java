package io.headrace.connector.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.connector.Source;
import io.headrace.engine.Cancellation;
import io.headrace.engine.CancelledException;
import io.headrace.error.HeadraceException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever an API does, the answer is an error that says so or all rows: never a part of them,
 * never a wait without end, never more memory or disk than is allowed.
 */
@Timeout(60)
class FaultsTest {
  private static final String GOOD = "[{\"id\": 1}]";

  @TempDir Path root;

  private static void head(OutputStream out, String... headers) throws IOException {
    String lines = "HTTP/1.1 200 OK\r\n" + String.join("\r\n", headers) + "\r\n\r\n";
    out.write(lines.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static void text(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
  }

  private static void good(OutputStream out) throws IOException {
    head(out, "Content-Type: application/json", "Content-Length: " + GOOD.length());
    text(out, GOOD);
  }

  /** Reads from a server that does something wrong at first, or always. */
  private Reading reading(RawServer server, String... settings) {
    return Reading.of(root, server.url(), settings);
  }

  private void recovers(RawServer.Script wrong) throws IOException {
    try (RawServer server =
        new RawServer(
            (socket, out, connection) -> {
              if (connection <= 2) {
                wrong.run(socket, out, connection);
              } else {
                good(out);
              }
            })) {
      Reading reading = reading(server, "timeout=2s");
      assertThat(reading.rows("/rows", "id BIGINT")).containsExactly("1");
      assertThat(server.connections()).isEqualTo(3);
      assertThat(reading.pauses()).hasSize(2);
      assertThat(reading.pauses().get(0)).isBetween(Duration.ofMillis(500), Duration.ofSeconds(1));
      assertThat(reading.pauses().get(1)).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(2));
    }
  }

  private void fails(String message, RawServer.Script wrong, String... settings)
      throws IOException {
    try (RawServer server = new RawServer(wrong)) {
      assertThatThrownBy(() -> reading(server, settings).rows("/rows", "id BIGINT"))
          .isInstanceOf(HeadraceException.class)
          .hasMessageStartingWith("Cannot read from 'shop': " + server.url() + "/rows: ")
          .hasMessageContaining(message)
          .hasNoCause();
    }
  }

  @Test
  void triesAgainWhatWasCutShort() throws IOException {
    recovers(
        (socket, out, n) -> {
          head(out, "Content-Length: 100");
          text(out, GOOD);
        });
    recovers(
        (socket, out, n) -> {
          head(out, "Transfer-Encoding: chunked");
          text(out, "b\r\n" + GOOD + "\r\n");
        });
    recovers((socket, out, n) -> {});
    recovers((socket, out, n) -> socket.setSoLinger(true, 0));
    recovers(
        (socket, out, n) -> {
          byte[] packed = gzip(GOOD);
          head(out, "Content-Encoding: gzip", "Connection: close");
          out.write(packed, 0, packed.length - 5);
        });
  }

  @Test
  void givesUpAfterFiveAttempts() throws IOException {
    try (RawServer server = new RawServer((socket, out, n) -> head(out, "Content-Length: 100"))) {
      Reading reading = reading(server);
      assertThatThrownBy(() -> reading.rows("/rows", "id BIGINT"))
          .hasMessageContaining("Premature end");
      assertThat(server.connections()).isEqualTo(5);
      assertThat(reading.pauses()).hasSize(4);
    }
  }

  @Test
  void saysThatNobodyIsThere() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    assertThatThrownBy(
            () -> Reading.of(root, "http://127.0.0.1:" + port).rows("/rows", "id BIGINT"))
        .hasMessage(
            "Cannot read from 'shop': http://127.0.0.1:%d/rows: nobody answers there"
                .formatted(port));
  }

  @Test
  void breaksOffWhatTrickles() throws IOException {
    RawServer.Script body =
        (socket, out, n) -> {
          head(out, "Transfer-Encoding: chunked");
          while (true) {
            text(out, "1\r\n \r\n");
            out.flush();
            TimeUnit.MILLISECONDS.sleep(20);
          }
        };
    RawServer.Script head =
        (socket, out, n) -> {
          text(out, "HTTP/1.1 200 OK\r\nX: ");
          while (true) {
            text(out, "x");
            out.flush();
            TimeUnit.MILLISECONDS.sleep(20);
          }
        };
    RawServer.Script silence = (socket, out, n) -> TimeUnit.SECONDS.sleep(30);
    for (RawServer.Script slow : List.of(body, head, silence)) {
      Instant start = Instant.now();
      fails("", slow, "timeout=200ms");
      assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(5));
    }
    fails("it took longer than `timeout`, which is 0.2s", body, "timeout=200ms");
  }

  @Test
  void stopsReadingWhatIsTooLarge() throws IOException {
    RawServer.Script endless =
        (socket, out, n) -> {
          head(out, "Transfer-Encoding: chunked", "Content-Type: application/json");
          String chunk = "1000\r\n" + " ".repeat(4096) + "\r\n";
          while (true) {
            text(out, chunk);
          }
        };
    fails("its answer has more than 1,048,576 bytes", endless, "max_bytes=1MB");
    byte[] bomb = gzip(" ".repeat(200 << 20));
    assertThat(bomb.length).isLessThan(1 << 20);
    fails(
        "its answer has more than 1,048,576 bytes",
        (socket, out, n) -> {
          head(out, "Content-Encoding: gzip", "Content-Length: " + bomb.length);
          out.write(bomb);
        },
        "max_bytes=1MB");
    byte[] nothing = gzip("");
    fails(
        "its answer has more than 1,048,576 bytes",
        (socket, out, n) -> {
          head(out, "Content-Encoding: gzip", "Connection: close");
          while (true) {
            out.write(nothing);
          }
        },
        "max_bytes=1MB");
    fails(
        "",
        (socket, out, n) -> {
          text(out, "HTTP/1.1 200 OK\r\nX: ");
          while (true) {
            text(out, "x".repeat(4096));
          }
        });
    fails(
        "",
        (socket, out, n) -> {
          text(out, "HTTP/1.1 200 OK\r\n");
          while (true) {
            text(out, "X: x\r\n");
          }
        });
  }

  @Test
  void refusesWhatIsNoDocument() throws IOException {
    fails("row 1 is no object", (socket, out, n) -> whole(out, "[".repeat(100_000)));
    fails(
        "no JSON that can be read",
        (socket, out, n) -> whole(out, "[{\"id\": " + "{\"a\":".repeat(100_000)));
    fails("no JSON that can be read", (socket, out, n) -> whole(out, "[{\"id\": 1}"));
    fails("its answer is empty", (socket, out, n) -> whole(out, ""));
    fails(
        "page 1: its answer is not text in UTF-8",
        (socket, out, n) -> {
          head(out, "Content-Length: 4");
          out.write(new byte[] {'[', '"', (byte) 0xc3, '"'});
        });
    fails(
        "it answers with a page of HTML",
        (socket, out, n) -> {
          head(out, "Content-Type: text/html", "Content-Length: 13");
          text(out, "<html></html>");
        });
    fails(
        "its answer is packed as 'br'",
        (socket, out, n) -> {
          head(out, "Content-Encoding: br", "Content-Length: 2");
          text(out, "xx");
        });
    fails("", (socket, out, n) -> text(out, "SSH-2.0-OpenSSH_9.6\r\n"));
  }

  @Test
  void linesThatMayBeCutShortAreRefused() throws IOException {
    try (RawServer server =
        new RawServer(
            (socket, out, n) -> {
              head(out, "Connection: close");
              text(out, "{\"id\": 1}\n");
            })) {
      assertThatThrownBy(
              () -> reading(server).rows(Map.of("path", "/rows", "format", "ndjson"), "id BIGINT"))
          .hasMessageContaining("nothing tells whether it is whole");
    }
  }

  private static void whole(OutputStream out, String body) throws IOException {
    head(out, "Content-Type: application/json", "Content-Length: " + body.length());
    text(out, body);
  }

  @Test
  void stopsWithinASecond() throws Exception {
    try (RawServer server =
        new RawServer(
            (socket, out, n) -> {
              head(out, "Transfer-Encoding: chunked");
              out.flush();
              TimeUnit.SECONDS.sleep(30);
            })) {
      Reading reading = reading(server);
      try (Source source = reading.open(Map.of("path", "/rows"), "id BIGINT")) {
        Cancellation cancel = new Cancellation();
        CompletableFuture<Instant> over =
            CompletableFuture.supplyAsync(
                () -> {
                  assertThatThrownBy(() -> reading.stage(source, List.of(), List.of(), cancel))
                      .isInstanceOf(CancelledException.class)
                      .hasMessage("enough");
                  return Instant.now();
                });
        TimeUnit.MILLISECONDS.sleep(500);
        assertThat(over).isNotDone();
        Instant requested = Instant.now();
        cancel.request("enough");
        assertThat(Duration.between(requested, over.get(20, TimeUnit.SECONDS)))
            .isLessThan(Duration.ofSeconds(1));
      }
    }
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      text(out, text);
    }
    return bytes.toByteArray();
  }

  @Test
  void unpacks() throws IOException {
    ByteArrayOutputStream parts = new ByteArrayOutputStream();
    parts.write(gzip("["));
    parts.write(gzip(""));
    parts.write(gzip(GOOD.substring(1)));
    byte[] packed = parts.toByteArray();
    try (RawServer server =
        new RawServer(
            (socket, out, n) -> {
              head(out, "Content-Encoding: gzip", "Content-Length: " + packed.length);
              out.write(packed);
            })) {
      assertThat(reading(server).rows("/rows", "id BIGINT")).containsExactly("1");
    }
  }
}

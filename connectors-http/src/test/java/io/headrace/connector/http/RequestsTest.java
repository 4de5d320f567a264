package io.headrace.connector.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.connector.http.TestApi.Reply;
import io.headrace.error.HeadraceException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How often an API is asked, and what becomes of an answer that has no rows. */
class RequestsTest {
  private static final String GOOD = "[{\"id\": 1}]";

  @TempDir Path root;

  @Test
  void waitsAsLongAsTheApiSays() throws IOException {
    try (TestApi api = new TestApi()) {
      api.inTurn(
          "/rows",
          Reply.of(429, "text/plain", "slow down").with("Retry-After", "120"),
          Reply.of(503, "text/plain", "").with("Retry-After", "Sat, 31 Jan 2026 12:30:00 GMT"),
          Reply.of(503, "text/plain", "").with("Retry-After", "soon"),
          Reply.json(GOOD));
      Reading reading = Reading.of(root, api.url());
      assertThat(reading.rows("/rows", "id BIGINT")).containsExactly("1");
      assertThat(reading.pauses().subList(0, 2))
          .containsExactly(Duration.ofMinutes(2), Duration.ofMinutes(28));
      assertThat(reading.pauses().get(2)).isLessThan(Duration.ofSeconds(2));
    }
  }

  @Test
  void waitsNoLongerThanAllMayTake() throws IOException {
    try (TestApi api = new TestApi()) {
      api.inTurn("/long", Reply.of(429, "text/plain", "").with("Retry-After", "7200"));
      Reading patient = Reading.of(root, api.url());
      assertThatThrownBy(() -> patient.rows("/long", "id BIGINT"))
          .hasMessageEndingWith("not all was read within 1h; at last, it answered with 429");
      assertThat(patient.pauses()).isEmpty();
      api.inTurn("/often", Reply.of(429, "text/plain", "").with("Retry-After", "0"));
      Reading often = Reading.of(root, api.url(), "total_timeout=10m");
      assertThatThrownBy(() -> often.rows("/often", "id BIGINT"))
          .hasMessageContaining("not all was read within 10m");
      assertThat(often.pauses().stream().reduce(Duration.ZERO, Duration::plus))
          .isLessThanOrEqualTo(Duration.ofMinutes(10));
    }
  }

  @Test
  void keepsToTheRate() throws IOException {
    try (TestApi api = new TestApi()) {
      api.answer(
          "/rows",
          request ->
              Reply.json(
                  request.parameter("page").equals("4")
                      ? "[]"
                      : "[{\"id\": %s}]".formatted(request.parameter("page"))));
      Reading reading = Reading.of(root, api.url(), "rate=2/s");
      Map<String, String> settings = Map.of("path", "/rows", "pages.kind", "page");
      assertThat(reading.rows(settings, "id BIGINT")).containsExactly("1", "2", "3");
      assertThat(reading.pauses()).hasSize(3).containsOnly(Duration.ofMillis(500));
      // Another source of the connection stands in the same queue.
      reading.rows(settings, "id BIGINT");
      assertThat(reading.pauses()).hasSize(7).containsOnly(Duration.ofMillis(500));
    }
  }

  @Test
  void saysWhatARefusalMeans() throws IOException {
    record Case(int status, String reason, String hint) {}
    for (Case wrong :
        List.of(
            new Case(400, "400 (bad request): no such parameter", "`parameters`"),
            new Case(401, "401 (not signed in): no such parameter", "credentials"),
            new Case(403, "403 (forbidden): no such parameter", "May these credentials"),
            new Case(404, "404 (not found): no such parameter", "`path`"),
            new Case(206, "206: no such parameter", ""),
            new Case(304, "304", ""))) {
      try (TestApi api = new TestApi()) {
        String body = wrong.status() == 304 ? "" : "no such\n parameter";
        api.inTurn("/rows", Reply.of(wrong.status(), "text/plain", body));
        Reading reading = Reading.of(root, api.url());
        assertThatThrownBy(() -> reading.rows("/rows", "id BIGINT"))
            .hasMessageEndingWith("/rows: it answers with " + wrong.reason())
            .extracting(e -> ((HeadraceException) e).hint())
            .asString()
            .contains(wrong.hint());
        assertThat(reading.pauses()).isEmpty();
        assertThat(api.requests()).hasSize(1);
      }
    }
  }

  @Test
  void noContentIsNoRows() throws IOException {
    try (TestApi api = new TestApi()) {
      api.inTurn("/rows", Reply.of(204, "text/plain", ""));
      assertThat(Reading.of(root, api.url()).rows("/rows", "id BIGINT")).isEmpty();
    }
  }

  @Test
  void followsRedirectsButNotInACircle() throws IOException {
    try (TestApi api = new TestApi()) {
      api.inTurn("/rows", Reply.of(302, "text/plain", "").with("Location", "/there?a=b"));
      api.json("/there", GOOD);
      assertThat(Reading.of(root, api.url()).rows("/rows", "id BIGINT")).containsExactly("1");
      api.inTurn("/circle", Reply.of(307, "text/plain", "").with("Location", "/circle"));
      assertThatThrownBy(() -> Reading.of(root, api.url()).rows("/circle", "id BIGINT"))
          .hasMessageContaining("it redirects more than 5 times");
      for (String nowhere : List.of("file:///etc/passwd", "http:///x", "ht tp://x", "")) {
        try (TestApi other = new TestApi()) {
          other.inTurn("/rows", Reply.of(301, "text/plain", "").with("Location", nowhere));
          assertThatThrownBy(() -> Reading.of(root, other.url()).rows("/rows", "id BIGINT"))
              .hasMessageContaining("it redirects to where nothing can be asked (301)");
        }
      }
    }
  }
}

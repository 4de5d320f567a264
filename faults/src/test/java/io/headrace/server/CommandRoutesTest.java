package io.headrace.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.faults.TestProject;
import io.headrace.server.api.Api;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands begin once, print as they go and end, whatever becomes of who asked. */
class CommandRoutesTest {
  private static final String PROJECT = Api.ROOT + "/projects/shop";
  private static final String COMMANDS = PROJECT + "/commands";
  private static final String KEY = "0f4a-1";

  @TempDir Path folder;

  @SuppressWarnings("NullAway.Init") // before each test
  private TestProject project;

  @SuppressWarnings("NullAway.Init") // before each test
  private Site site;

  @BeforeEach
  void serve() {
    project = new TestProject(folder.resolve("shop")).table("numbers", "SELECT 1 AS n");
    start();
  }

  private void start() {
    site = new Site(project, projects -> Api.routes(projects, EchoCommands.desk()));
  }

  @AfterEach
  void stop() {
    site.close();
  }

  private HttpResponse<String> post(String path, String key, String json) {
    HttpRequest.Builder request =
        site.request(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json));
    return site.send(key.isEmpty() ? request : request.header("Idempotency-Key", key));
  }

  private String events(String known) {
    return site.send(site.request(COMMANDS + "/" + KEY + "/events").header("Last-Event-ID", known))
        .body();
  }

  @Test
  void aCommandPrintsAndEnds() {
    HttpResponse<String> begun =
        post(
            COMMANDS, KEY, "{\"arguments\": [\"echo\", \"a\", \"ä😀\"], \"zone\": \"Asia/Tokyo\"}");
    assertThat(begun.statusCode()).isEqualTo(202);
    assertThat(begun.headers().firstValue("Location")).contains(COMMANDS + "/" + KEY);
    assertThat(events("0"))
        .isEqualTo(
            """
            id: 1
            event: out
            data: {"text":"a\\nä😀\\n"}

            id: 2
            event: err
            data: {"text":"for api in Asia/Tokyo of shop\\n"}

            """
                + last());
    assertThat(events("1")).startsWith("id: 2\n").endsWith(last());
    assertThat(events("99")).isEqualTo(last());
    assertThat(site.get(COMMANDS + "/" + KEY).body())
        .contains("\"exit_code\":7", "\"out\":\"a\\nä😀\\n\"", "\"err\":\"for api");
    assertThat(site.get(COMMANDS).body()).contains("\"command\":\"" + KEY + "\"");
  }

  /** The event at the end says what the command is. */
  private String last() {
    String command = site.get(COMMANDS).body();
    return "event: over\ndata: " + command.substring(1, command.length() - 1) + "\n\n";
  }

  @Test
  void aRequestThatIsSentAgainBeginsNothing() {
    String json = "{\"arguments\": [\"wait\"]}";
    assertThat(post(COMMANDS, KEY, json).statusCode()).isEqualTo(202);
    assertThat(post(COMMANDS, KEY, json).statusCode()).isEqualTo(202);
    assertThat(site.get(COMMANDS).body().split("\"command\":")).hasSize(2);
    assertThat(post(COMMANDS, KEY, "{\"arguments\": [\"echo\"]}").statusCode()).isEqualTo(409);
    assertThat(post(COMMANDS, "../" + KEY, json).statusCode()).isEqualTo(400);
    assertThat(post(COMMANDS, "x".repeat(65), json).statusCode()).isEqualTo(400);
    assertThat(post(COMMANDS + "/" + KEY + "/cancel", "", "").statusCode()).isEqualTo(202);
    assertThat(events("0")).contains("waiting").contains("\"exit_code\":130");
  }

  @Test
  void outputThatIsTooLongIsAFailure() {
    assertThat(post(COMMANDS, KEY, "{\"arguments\": [\"flood\"]}").statusCode()).isEqualTo(202);
    String events = events("0");
    // Of the two bytes of a line, one is the break, which is two in JSON.
    assertThat(events.length()).isBetween(24 << 20, 25 << 20);
    assertThat(events.substring(events.length() - 1000))
        .contains("\"exit_code\":1")
        .contains("The output is longer than 16 MB");
  }

  @Test
  void aRunThatIsAskedForAgainIsTheSame() {
    String json = "{\"message\": \"once\"}";
    HttpResponse<String> first = post(PROJECT + "/runs", KEY, json);
    HttpResponse<String> second = post(PROJECT + "/runs", KEY, json);
    assertThat(first.statusCode()).isEqualTo(202);
    assertThat(second.headers().firstValue("Location"))
        .isEqualTo(first.headers().firstValue("Location"));
    assertThat(post(PROJECT + "/runs", KEY, "{}").statusCode()).isEqualTo(409);
    String run = first.headers().firstValue("Location").orElseThrow();
    assertThat(site.get(run + "/events").body()).contains("event: over");
    site.close();
    start();
    HttpResponse<String> third = post(PROJECT + "/runs", KEY, json);
    assertThat(third.statusCode()).isEqualTo(200);
    assertThat(third.body()).contains("\"state\":\"published\"");
    assertThat(site.get(PROJECT + "/runs").body().split("\"run\":")).hasSize(2);
  }

  @Test
  void whatIsWrongIsSaid() {
    assertThat(post(COMMANDS, "", "{\"arguments\": [\"echo\"], \"zone\": \"Mars\"}").body())
        .contains("Unknown time zone 'Mars'");
    assertThat(post(COMMANDS, "", "{\"argument\": [\"echo\"]}").body())
        .contains("Did you mean 'arguments'?");
    assertThat(site.get(COMMANDS + "/nothing").statusCode()).isEqualTo(404);
  }
}

package io.headrace.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.access.AuditLog.Entry;
import io.headrace.faults.TestProject;
import io.headrace.server.access.Doorway;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokens that people make for themselves, and what they are good for. */
class OwnTokensTest extends Forms {
  private static final Pattern SECRET = Pattern.compile("hrt_[A-Za-z0-9_-]{43}");
  private static final String TOKENS = "/api/v1/me/tokens";
  private static final String ROLLBACK = "/api/v1/projects/shop/environments/main/rollback";
  private static final String GRANTS =
      "{who: ada, role: operator}, {who: eve, role: viewer}, {who: \"token:*\", role: admin}";

  private final Map<String, String> sessions = new HashMap<>();

  @TempDir Path folder;

  @SuppressWarnings("NullAway.Init") // before each test
  private AccessSite site;

  @BeforeEach
  void serve() {
    TestProject project =
        new TestProject(folder.resolve("shop")).write("tables/numbers.csv", "n,name\n1,kept\n");
    site =
        new AccessSite(
            project,
            folder.resolve("access"),
            new MovableClock(),
            "grants: [%s]".formatted(GRANTS),
            Doorway.LOOPBACK,
            route -> route);
    site.user("ada");
    site.user("eve");
  }

  @AfterEach
  void stop() {
    site.close();
  }

  @Override
  AccessSite site() {
    return site;
  }

  /** The session of somebody, begun when it is first asked for: passwords take time. */
  private String in(String user) {
    return sessions.computeIfAbsent(user, this::session);
  }

  private static String secret(HttpResponse<String> answer) {
    Matcher matcher = SECRET.matcher(answer.body());
    assertThat(matcher.find()).as(answer.body()).isTrue();
    return matcher.group();
  }

  /** What the API answers to somebody who has logged in. */
  private HttpResponse<String> make(String session, String json) {
    return site.send(
        site.request(TOKENS)
            .header("Cookie", session)
            .header("Origin", site.address())
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json)));
  }

  private String token(String user, String name, String role) {
    HttpResponse<String> made =
        make(in(user), "{\"name\": \"%s\", \"role\": \"%s\"}".formatted(name, role));
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    return secret(made);
  }

  private int shown(String token, String path) {
    return site.send(site.request(path).header("Authorization", "Bearer " + token)).statusCode();
  }

  private int posted(String token, String path, String json) {
    return site.send(
            site.request(path)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(json)))
        .statusCode();
  }

  @Test
  void aTokenMayDoWhatItsOwnerMayAsFarAsItsRoleGoes() {
    String reads = token("ada", "reads", "viewer");
    String works = token("ada", "works", "operator");
    String runs = "/api/v1/projects/shop/runs";
    assertThat(shown(reads, runs)).isEqualTo(200);
    assertThat(posted(reads, runs, "{}")).isEqualTo(403);
    assertThat(posted(reads, ROLLBACK, "{\"to\": \"1\"}")).isEqualTo(403);
    assertThat(posted(works, runs, "{}")).isEqualTo(202);
    // Grants for tokens mean those of nobody.
    assertThat(shown(works, "/api/v1/audit")).isEqualTo(403);
    assertThat(shown(works, "/metrics")).isEqualTo(200);
    site.say("grants: [{who: ada, role: viewer}, {who: \"token:*\", role: admin}]");
    Serving.await(() -> posted(works, runs, "{}") == 403);
    assertThat(shown(works, runs)).isEqualTo(200);
    site.say("grants: [{who: eve, role: viewer}, {who: \"token:*\", role: admin}]");
    Serving.await(() -> shown(works, runs) == 404);
  }

  @Test
  void anAdminsTokenForLessSeesNoMoreThanOthersDo() {
    site.say(
        """
        grants: [{who: ada, role: admin}]
        masks: [{table: numbers, column: name}]
        """);
    Serving.await(() -> with(in("ada"), "/api/v1/audit").statusCode() == 200);
    String reads = token("ada", "reads", "viewer");
    String rules = token("ada", "rules", "admin");
    assertThat(posted(rules, "/api/v1/projects/shop/runs", "{}")).isEqualTo(202);
    Serving.await(() -> names(rules).contains("kept"));
    assertThat(names(reads)).contains("null").doesNotContain("kept");
  }

  private String names(String token) {
    return site.send(
            site.request("/api/v1/projects/shop/query")
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"sql\": \"SELECT name FROM numbers\"}")))
        .body();
  }

  @Test
  void tokensGoWithTheirOwner() {
    String ada = token("ada", "laptop", "viewer");
    String eve = token("eve", "laptop", "viewer");
    assertThat(shown(ada, TOKENS)).isEqualTo(200);
    assertThat(site.accounts().users().remove("ada")).isTrue();
    assertThat(shown(ada, TOKENS)).isEqualTo(401);
    site.user("ada");
    assertThat(shown(ada, TOKENS)).isEqualTo(401);
    assertThat(shown(eve, TOKENS)).isEqualTo(200);
    site.clock().jump(Duration.ofDays(90));
    assertThat(shown(eve, TOKENS)).isEqualTo(401);
  }

  @Test
  void nobodyMakesATokenForMoreThanHeMay() {
    String eve = in("eve");
    for (String json :
        List.of(
            "{\"name\": \"x\", \"role\": \"editor\"}",
            "{\"name\": \"x\", \"role\": \"king\"}",
            "{\"name\": \"X y\"}",
            "{\"name\": \"a/b\"}",
            "{\"name\": \"x\", \"expires\": \"91d\"}",
            "{\"name\": \"x\", \"expires\": \"0s\"}",
            "{\"name\": \"x\", \"expires\": \"soon\"}")) {
      assertThat(make(eve, json).statusCode()).as(json).isEqualTo(400);
    }
    String mine = token("eve", "mine", "viewer");
    assertThat(make(eve, "{\"name\": \"mine\"}").statusCode()).isEqualTo(409);
    assertThat(posted(mine, TOKENS, "{\"name\": \"other\"}")).isEqualTo(403);
    assertThat(site.post("program", TOKENS, "{\"name\": \"other\"}").statusCode()).isEqualTo(403);
    assertThat(site.get("program", TOKENS).statusCode()).isEqualTo(403);
    assertThat(site.get("program", "/tokens").statusCode()).isEqualTo(403);
    for (int i = 1; i < 20; i++) {
      assertThat(make(eve, "{\"name\": \"t%d\"}".formatted(i)).statusCode()).isEqualTo(201);
    }
    assertThat(make(eve, "{\"name\": \"onemore\"}").statusCode()).isEqualTo(409);
  }

  @Test
  void eachSeesAndRevokesHisOwn() {
    String ada = token("ada", "laptop", "viewer");
    String eve = token("eve", "laptop", "viewer");
    String answer = with(in("ada"), TOKENS).body();
    assertThat(answer).contains("\"name\":\"laptop\",\"role\":\"viewer\"").doesNotContain("hrt_");
    assertThat(delete(eve, "other")).isEqualTo(404);
    assertThat(delete(eve, "laptop")).isEqualTo(200);
    assertThat(shown(eve, TOKENS)).isEqualTo(401);
    assertThat(shown(ada, TOKENS)).isEqualTo(200);
    assertThat(site.accounts().audit().list(20))
        .anyMatch(entry -> is(entry, "ada", "POST " + TOKENS, "name=laptop role=viewer"))
        .anyMatch(
            entry -> is(entry, "token:eve/laptop", "DELETE " + TOKENS + "/{token}", "laptop"));
  }

  private static boolean is(Entry entry, String who, String action, String subject) {
    return entry.who().equals(who)
        && entry.action().equals(action)
        && entry.subject().equals(subject)
        && entry.outcome().equals("ok");
  }

  private int delete(String token, String name) {
    return site.send(
            site.request(TOKENS + "/" + name).header("Authorization", "Bearer " + token).DELETE())
        .statusCode();
  }

  @Test
  void aFormMakesAndRevokesOnlyForWhoItWasMade() {
    String ada = in("ada");
    HttpResponse<String> page = with(ada, "/tokens");
    assertThat(page.body()).contains("headrace token create NAME --owner ada");
    Map<String, String> fields = Map.of("name", "laptop", "role", "editor", "expires", "7d");
    assertThat(post("/tokens", ada, fields).statusCode()).isEqualTo(403);
    String other = form(with(in("eve"), "/tokens"));
    assertThat(post("/tokens", ada, filled(fields, other)).statusCode()).isEqualTo(403);
    assertThat(site.accounts().tokens().list()).isEmpty();
    HttpResponse<String> made = post("/tokens", ada, filled(fields, form(page)));
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    assertThat(made.headers().firstValue("Cache-Control")).contains("no-store");
    String token = secret(made);
    assertThat(shown(token, TOKENS)).isEqualTo(200);
    assertThat(with(ada, "/tokens").body())
        .contains("laptop", "headrace token revoke ada/laptop")
        .doesNotContain(token);
    Map<String, String> which = Map.of("name", "laptop");
    assertThat(post("/tokens/revoke", ada, filled(which, other)).statusCode()).isEqualTo(403);
    assertThat(post("/tokens/revoke", ada, filled(which, form(page))).statusCode()).isEqualTo(303);
    assertThat(shown(token, TOKENS)).isEqualTo(401);
    assertThat(site.accounts().audit().list(20))
        .anyMatch(entry -> is(entry, "ada", "token create", "laptop"))
        .anyMatch(entry -> is(entry, "ada", "token revoke", "laptop"));
    assertThat(site.accounts().audit().list(20).toString()).doesNotContain(token);
  }

  private static Map<String, String> filled(Map<String, String> fields, String form) {
    Map<String, String> all = new HashMap<>(fields);
    all.put("form", form);
    return all;
  }
}

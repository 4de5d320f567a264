package io.headrace.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.access.AuditLog.Entry;
import io.headrace.access.Users.User;
import io.headrace.faults.TestProject;
import io.headrace.server.access.Doorway;
import io.headrace.server.access.Passwords;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Logging in with a name and a password, and what a session is good for. */
class LoginTest extends Forms {
  private static final String HOME = "/projects/shop";
  private static final String RULES =
      """
      grants: [{who: ada, role: operator}, {who: eve, role: viewer}]
      sessions: {idle: 1h, longest: 1d}
      """;

  @TempDir Path folder;

  @SuppressWarnings("NullAway.Init") // before each test
  private AccessSite site;

  @BeforeEach
  void serve() {
    TestProject project =
        new TestProject(folder.resolve("shop")).write("tables/numbers.csv", "n\n1\n");
    site = site(project, Doorway.LOOPBACK);
    site.user("ada");
    site.user("eve");
  }

  private AccessSite site(TestProject project, Doorway doorway) {
    return new AccessSite(
        project, folder.resolve("access"), new MovableClock(), RULES, doorway, route -> route);
  }

  @AfterEach
  void stop() {
    site.close();
  }

  @Override
  AccessSite site() {
    return site;
  }

  @Test
  void whoIsNotLoggedInIsSentToTheFormAndBack() {
    HttpResponse<String> away = site.get("", HOME + "?filter=a b".replace(" ", "%20"));
    assertThat(away.statusCode()).isEqualTo(303);
    assertThat(away.headers().firstValue("Location").orElse(""))
        .isEqualTo("/login?then=%2Fprojects%2Fshop%3Ffilter%3Da%2520b");
    HttpResponse<String> in = login("ada", AccessSite.PASSWORD, HOME + "?filter=a");
    assertThat(in.headers().firstValue("Location")).contains(HOME + "?filter=a");
    assertThat(in.headers().allValues("Set-Cookie"))
        .anySatisfy(
            cookie ->
                assertThat(cookie)
                    .startsWith("headrace=")
                    .contains("HttpOnly", "SameSite=Strict", "Path=/"));
    HttpResponse<String> page = with(cookie(in, "headrace"), HOME);
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body()).contains("ada", "Log out");
    assertThat(with(cookie(in, "headrace"), "/login").statusCode()).isEqualTo(302);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "evil.example",
        "",
        "/a\nb",
      })
  void aLoginLeadsNowhereElse(String then) {
    HttpResponse<String> answer = login("ada", AccessSite.PASSWORD, then);
    assertThat(answer.headers().firstValue("Location")).contains("/");
  }

  @Test
  void wrongPasswordsAndUnknownNamesLookAlike() {
    HttpResponse<String> wrong = login("ada", "wrong", "/");
    HttpResponse<String> unknown = login("adb", "wrong", "/");
    assertThat(wrong.statusCode()).isEqualTo(401);
    assertThat(unknown.statusCode()).isEqualTo(401);
    assertThat(wrong.body().replace("\"ada\"", "").replaceAll("[0-9a-f]{64}", ""))
        .isEqualTo(unknown.body().replace("\"adb\"", "").replaceAll("[0-9a-f]{64}", ""));
    assertThat(cookie(wrong, "headrace")).isEmpty();
    long known = time(() -> login("ada", "wrong", "/"));
    long other = time(() -> login("nobody", "wrong", "/"));
    assertThat((double) Math.max(known, other) / Math.min(known, other)).isLessThan(3);
  }

  private static long time(Runnable work) {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      long start = System.nanoTime();
      work.run();
      least = Math.min(least, System.nanoTime() - start);
    }
    return least;
  }

  @Test
  void whoGuessesHasToWait() {
    for (int i = 0; i < 10; i++) {
      assertThat(login("ada", "guess" + i, "/").statusCode()).isEqualTo(401);
    }
    assertThat(login("ada", AccessSite.PASSWORD, "/").statusCode()).isEqualTo(429);
    assertThat(login("eve", AccessSite.PASSWORD, "/").statusCode()).isEqualTo(303);
    site.clock().jump(Duration.ofMinutes(15));
    assertThat(login("ada", AccessSite.PASSWORD, "/").statusCode()).isEqualTo(303);
  }

  @Test
  void manyGuessesAtOnceAreNotMoreGuesses() throws Exception {
    HttpResponse<String> page = site.get("", "/login");
    Map<String, String> fields =
        Map.of("name", "ada", "password", "a guess of many", "form", form(page));
    ExecutorService threads = Executors.newFixedThreadPool(30);
    try {
      List<Future<Integer>> answers = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        answers.add(
            threads.submit(
                () -> post("/login", cookie(page, "headrace-login"), fields).statusCode()));
      }
      List<Integer> statuses = new ArrayList<>();
      for (Future<Integer> answer : answers) {
        statuses.add(answer.get());
      }
      assertThat(statuses).containsOnly(401, 429);
      assertThat(Collections.frequency(statuses, 401)).isEqualTo(10);
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void aNameThatNobodyCanHaveIsNotRemembered() {
    String name = "n".repeat(65);
    for (int i = 0; i < 12; i++) {
      assertThat(login(name, "guess", "/").statusCode()).as("guess " + i).isEqualTo(401);
    }
  }

  @Test
  void whoSucceedsMayComeAgainAsOftenAsHeLikes() {
    for (int i = 0; i < 12; i++) {
      assertThat(login("ada", AccessSite.PASSWORD, "/").statusCode()).isEqualTo(303);
    }
  }

  @Test
  void aFormOfSomebodyElseLogsNobodyIn() {
    HttpResponse<String> page = site.get("", "/login");
    Map<String, String> fields =
        Map.of("name", "ada", "password", AccessSite.PASSWORD, "form", form(page));
    assertThat(post("/login", "", fields).statusCode()).isEqualTo(403);
    assertThat(post("/login", "headrace-login=other", fields).statusCode()).isEqualTo(403);
    String cookie = cookie(page, "headrace-login");
    assertThat(
            post("/login", cookie, Map.of("name", "ada", "password", AccessSite.PASSWORD))
                .statusCode())
        .isEqualTo(403);
    HttpRequest.Builder elsewhere =
        site.request("/login")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("Origin", "http://evil.example")
            .header("Cookie", cookie)
            .POST(BodyPublishers.ofString("name=ada"));
    assertThat(site.send(elsewhere).statusCode()).isEqualTo(403);
  }

  @Test
  void aSessionEndsWhenItShould() {
    String ada = session("ada");
    HttpResponse<String> page = with(ada, HOME);
    assertThat(post("/logout", ada, Map.of("form", "x")).statusCode()).isEqualTo(403);
    assertThat(with(ada, HOME).statusCode()).isEqualTo(200);
    assertThat(post("/logout", ada, Map.of("form", form(page))).statusCode()).isEqualTo(303);
    assertThat(with(ada, HOME).statusCode()).isEqualTo(303);

    String idle = session("ada");
    site.clock().jump(Duration.ofMinutes(59));
    assertThat(with(idle, HOME).statusCode()).isEqualTo(200);
    site.clock().jump(Duration.ofMinutes(59));
    assertThat(with(idle, HOME).statusCode()).isEqualTo(200);
    site.clock().jump(Duration.ofMinutes(61));
    assertThat(with(idle, HOME).statusCode()).isEqualTo(303);

    String old = session("ada");
    for (int i = 0; i < 25; i++) {
      site.clock().jump(Duration.ofMinutes(58));
      HttpResponse<String> unused = with(old, HOME);
    }
    assertThat(with(old, HOME).statusCode()).isEqualTo(303);

    String changed = session("ada");
    String other = session("eve");
    String hash = new Passwords().hashGood("ada", "another-lantern-8-orbit");
    assertThat(site.accounts().users().changePassword("ada", hash, site.now())).isTrue();
    assertThat(with(changed, HOME).statusCode()).isEqualTo(303);
    assertThat(with(other, HOME).statusCode()).isEqualTo(200);
    assertThat(site.accounts().users().remove("eve")).isTrue();
    assertThat(with(other, HOME).statusCode()).isEqualTo(303);
  }

  @Test
  void aSecondLoginHasAnotherSession() {
    String first = session("ada");
    HttpResponse<String> page = site.get("", "/login");
    HttpResponse<String> again =
        post(
            "/login",
            first + "; " + cookie(page, "headrace-login"),
            Map.of("name", "eve", "password", AccessSite.PASSWORD, "form", form(page)));
    assertThat(again.statusCode()).isEqualTo(303);
    assertThat(cookie(again, "headrace")).isNotEqualTo(first);
    assertThat(with(first, HOME).statusCode()).isEqualTo(303);
  }

  @Test
  void aCookieAloneChangesNothingForAPageOfSomebodyElse() {
    String ada = session("ada");
    String path = "/api/v1/projects/shop/runs";
    HttpRequest.Builder bare =
        site.request(path)
            .header("Cookie", ada)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{}"));
    assertThat(site.send(bare.copy()).statusCode()).isEqualTo(403);
    assertThat(site.send(bare.copy().header("Origin", "null")).statusCode()).isEqualTo(403);
    assertThat(site.send(bare.copy().header("Origin", "http://127.0.0.1:1")).statusCode())
        .isEqualTo(403);
    assertThat(site.send(bare.copy().header("Origin", site.address())).statusCode()).isEqualTo(202);
  }

  @Test
  void behindAProxyCookiesAreForEncryptedConnectionsOnly() {
    site.close();
    site =
        site(
            new TestProject(folder.resolve("other")).write("tables/numbers.csv", "n\n1\n"),
            new Doorway(List.of("data.example", "[2001:db8::7]"), true, true));
    HttpRequest.Builder page =
        site.request("/login")
            .header("X-Forwarded-Host", "data.example")
            .header("X-Forwarded-Proto", "https");
    HttpResponse<String> answer = site.send(page);
    assertThat(answer.headers().firstValue("Set-Cookie").orElse(""))
        .startsWith("__Host-headrace-login=")
        .contains("Secure", "HttpOnly", "SameSite=Strict", "Path=/")
        .doesNotContain("Domain");
    assertThat(answer.headers().firstValue("Strict-Transport-Security")).isPresent();
    assertThat(site.get("", "/login").statusCode()).isEqualTo(403);
    HttpRequest.Builder numbers =
        site.request("/login")
            .header("X-Forwarded-Host", "[2001:db8::7]:8443")
            .header("X-Forwarded-Proto", "https");
    assertThat(site.send(numbers.copy()).statusCode()).isEqualTo(200);
    assertThat(
            site.send(numbers.copy().header("Origin", "https://[2001:db8::7]:8443")).statusCode())
        .isEqualTo(200);
    assertThat(site.send(numbers.copy().header("Origin", "https://data.example")).statusCode())
        .isEqualTo(403);
  }

  @Test
  void theLogSaysWhoDidWhatAndHoldsNoSecret() throws Exception {
    String ada = session("ada");
    HttpResponse<String> unused = login("ada", "canary-wrong-password", "/");
    unused = login("canary-typed-as-a-name", "x", "/");
    unused = site.get("eve", "/api/v1/audit");
    String token = site.token("eve");
    unused = with(ada + "; x=canary-cookie", HOME);
    unused =
        site.send(
            site.request("/api/v1/projects/shop/query")
                .header("Cookie", ada)
                .header("Origin", site.address())
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"sql\": \"SELECT 41 + 1\"}")));
    unused = site.send(site.request("/api/v1/me").header("Authorization", "Bearer canary-token"));
    List<Entry> log = site.accounts().audit().list(100);
    assertThat(log)
        .extracting(entry -> entry.who() + ": " + entry.action() + ": " + entry.outcome())
        .contains(
            "ada: login: ok",
            "ada: login: refused 401",
            ": login: refused 401",
            "token:eve: GET /api/v1/audit: refused 403",
            "ada: POST /api/v1/projects/{project}/query: ok",
            ": GET /api/v1/me: refused 401");
    assertThat(log).anySatisfy(entry -> assertThat(entry.subject()).contains("SELECT 41 + 1"));
    String secret = ada.substring(ada.indexOf('=') + 1);
    assertThat(log.toString()).doesNotContain("canary", AccessSite.PASSWORD, token, secret);
    byte[] file = Files.readAllBytes(folder.resolve("access/access.db"));
    byte[] more = Files.readAllBytes(folder.resolve("access/access.db-wal"));
    String kept =
        new String(file, StandardCharsets.ISO_8859_1)
            + new String(more, StandardCharsets.ISO_8859_1);
    assertThat(kept)
        .contains("$argon2id$v=19$m=19456,t=2,p=1$")
        .doesNotContain(AccessSite.PASSWORD, token, secret, "canary");
  }

  @Test
  void aHashThatIsMadeOtherwiseTodayIsMadeAgain() {
    String weak =
        com.password4j.Password.hash(AccessSite.PASSWORD)
            .addRandomSalt(16)
            .with(
                com.password4j.Argon2Function.getInstance(
                    8_192, 1, 1, 32, com.password4j.types.Argon2.ID))
            .getResult();
    site.accounts().users().add(new User("old", weak, site.now(), site.now()));
    assertThat(login("old", AccessSite.PASSWORD, "/").statusCode()).isEqualTo(303);
    assertThat(site.accounts().users().find("old").orElseThrow().hash())
        .contains("m=19456,t=2,p=1");
    assertThat(login("old", AccessSite.PASSWORD, "/").statusCode()).isEqualTo(303);
  }
}

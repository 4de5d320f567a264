package io.headrace.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.access.Person;
import io.headrace.access.Role;
import io.headrace.access.Tokens.Owner;
import io.headrace.access.Tokens.Token;
import io.headrace.faults.TestProject;
import io.headrace.server.TestProvider.Flaw;
import io.headrace.server.access.Doorway;
import io.headrace.server.access.Secret;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Logging in where one is known already. */
class OidcTest {
  private static final String HOME = "/projects/shop";

  @TempDir Path folder;

  private final TestProvider provider = new TestProvider();

  @SuppressWarnings("NullAway.Init") // before each test
  private AccessSite site;

  @BeforeEach
  void serve() throws IOException {
    TestProject project =
        new TestProject(folder.resolve("shop")).write("tables/numbers.csv", "n\n1\n");
    site =
        new AccessSite(
            project,
            folder.resolve("access"),
            new MovableClock(),
            """
            grants: [{who: "group:analysts", role: viewer}, {who: grace@example.com, role: admin}]
            oidc: {issuer: %s, client: headrace, secret: {file: secret.txt}, name: email}
            """
                .formatted(provider.issuer()),
            Doorway.LOOPBACK,
            route -> route);
    Files.writeString(folder.resolve("access/secret.txt"), TestProvider.SECRET + "\n");
  }

  @AfterEach
  void stop() {
    site.close();
    provider.close();
  }

  /** A browser that was sent away. */
  private record Left(String cookie, URI to) {
    String state() {
      return String.valueOf(TestProvider.fields(to.getRawQuery()).get("state"));
    }
  }

  private Left leave() {
    HttpResponse<String> away = site.get("", "/login/oidc?then=%2Fprojects%2Fshop");
    assertThat(away.statusCode()).as(away.body()).isEqualTo(303);
    assertThat(String.join(";", away.headers().allValues("Set-Cookie")))
        .contains("HttpOnly", "SameSite=Lax");
    return new Left(
        Forms.cookie(away, "headrace-oidc"),
        URI.create(away.headers().firstValue("Location").orElseThrow()));
  }

  private HttpResponse<String> comeBack(String cookie, String code, String state) {
    return site.send(
        site.request("/login/oidc/callback?code=%s&state=%s".formatted(code, state))
            .header("Cookie", cookie));
  }

  /** A token has his groups as they were at his last login, and ends with the other server. */
  @Test
  void hisTokensHaveTheRightsOfHisGroups() {
    Person before = new Person("oidc:grace@example.com", List.of());
    String token = Secret.newToken();
    Owner owner = new Owner(before, Role.VIEWER);
    site.accounts()
        .tokens()
        .add(
            new Token(
                owner.token("laptop"),
                Secret.tokenDigest(token),
                site.now(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(owner)));
    String runs = "/api/v1/projects/shop/runs";
    assertThat(shown(token, runs)).isEqualTo(404);
    Left left = leave();
    HttpResponse<String> back = comeBack(left.cookie(), provider.code(left.to()), left.state());
    assertThat(back.statusCode()).as(back.body()).isEqualTo(200);
    assertThat(shown(token, runs)).isEqualTo(200);
    site.say("grants: [{who: \"group:analysts\", role: viewer}]");
    Serving.await(() -> shown(token, runs) == 401);
  }

  private int shown(String token, String path) {
    return site.send(site.request(path).header("Authorization", "Bearer " + token)).statusCode();
  }

  @Test
  void whoIsKnownThereIsLetInWithTheRightsOfHisGroups() {
    assertThat(site.get("", "/login").body()).contains("/login/oidc?then=");
    Left left = leave();
    Map<String, String> asked = TestProvider.fields(left.to().getRawQuery());
    assertThat(asked).containsEntry("response_type", "code").containsKeys("nonce", "state");
    HttpResponse<String> back = comeBack(left.cookie(), provider.code(left.to()), left.state());
    assertThat(back.statusCode()).as(back.body()).isEqualTo(200);
    assertThat(back.headers().firstValue("Refresh")).contains("0; url=" + HOME);
    String session = Forms.cookie(back, "headrace");
    HttpResponse<String> page = site.send(site.request(HOME).header("Cookie", session));
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body()).contains("oidc:grace@example.com");
    assertThat(site.send(site.request("/api/v1/audit").header("Cookie", session)).statusCode())
        .as("a user of that name is somebody else")
        .isEqualTo(403);
    assertThat(site.accounts().audit().list(10))
        .anyMatch(entry -> entry.who().equals("oidc:grace@example.com"));
    assertThat(site.accounts().audit().list(10).toString()).doesNotContain("canary");
  }

  @Test
  void whoIsInNoGroupSeesNothing() {
    provider.groups(List.of("others"));
    Left left = leave();
    String session =
        Forms.cookie(comeBack(left.cookie(), provider.code(left.to()), left.state()), "headrace");
    assertThat(site.send(site.request(HOME).header("Cookie", session)).statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "NONE")
  void whatTheOtherServerSaysHasToHold(Flaw flaw) {
    provider.flaw(flaw);
    Left left = leave();
    HttpResponse<String> back = comeBack(left.cookie(), provider.code(left.to()), left.state());
    assertThat(back.statusCode()).as(back.body()).isEqualTo(403);
    assertThat(Forms.cookie(back, "headrace")).isEmpty();
    provider.flaw(Flaw.NONE);
    left = leave();
    assertThat(comeBack(left.cookie(), provider.code(left.to()), left.state()).statusCode())
        .isEqualTo(200);
  }

  /**
   * Who says that he trusts the server's mail addresses still takes none that it calls unproven.
   */
  @Test
  void anEmailOfWhichNothingIsSaidIsTakenIfThatIsSaidHere() {
    site.say(
        """
        grants: [{who: "group:analysts", role: viewer}]
        oidc: {issuer: %s, client: headrace, secret: {file: secret.txt}, name: email, trust_email: true}
        """
            .formatted(provider.issuer()));
    provider.flaw(Flaw.UNSAID_EMAIL);
    Serving.await(() -> back().statusCode() == 200);
    provider.flaw(Flaw.UNPROVEN_EMAIL);
    assertThat(back().statusCode()).isEqualTo(403);
  }

  private HttpResponse<String> back() {
    Left left = leave();
    return comeBack(left.cookie(), provider.code(left.to()), left.state());
  }

  @Test
  void aWayBackIsGoodOnceAndForWhoLeft() {
    Left left = leave();
    String code = provider.code(left.to());
    assertThat(comeBack("", code, left.state()).statusCode()).isEqualTo(403);
    Left other = leave();
    assertThat(comeBack(other.cookie(), code, left.state()).statusCode()).isEqualTo(403);
    assertThat(comeBack(left.cookie(), code, left.state()).statusCode()).isEqualTo(200);
    assertThat(comeBack(left.cookie(), code, left.state()).statusCode()).isEqualTo(403);
    Left third = leave();
    assertThat(comeBack(third.cookie(), code, third.state()).statusCode()).isEqualTo(403);
    Left fourth = leave();
    assertThat(comeBack(fourth.cookie(), provider.code(fourth.to()), "x").statusCode())
        .isEqualTo(403);
    Left late = leave();
    site.clock().jump(java.time.Duration.ofMinutes(11));
    assertThat(comeBack(late.cookie(), provider.code(late.to()), late.state()).statusCode())
        .isEqualTo(403);
  }

  @Test
  void theKeysAreNotAskedForAtEachLogin() {
    for (int i = 0; i < 3; i++) {
      Left left = leave();
      assertThat(comeBack(left.cookie(), provider.code(left.to()), left.state()).statusCode())
          .isEqualTo(200);
    }
    assertThat(provider.asksForKeys()).isEqualTo(1);
  }

  @Test
  void aSlowServerHoldsUpNoMoreThanSomeWhoLogIn() throws Exception {
    provider.pause();
    ExecutorService threads = Executors.newFixedThreadPool(20);
    try {
      CompletionService<Integer> answers = new ExecutorCompletionService<>(threads);
      for (int i = 0; i < 20; i++) {
        var unused = answers.submit(() -> site.get("", "/login/oidc").statusCode());
      }
      for (int i = 0; i < 4; i++) {
        assertThat(answers.take().get()).isEqualTo(503);
      }
      assertThat(site.get("", "/login").statusCode()).isEqualTo(200);
      provider.goOn();
      for (int i = 0; i < 16; i++) {
        assertThat(answers.take().get()).isEqualTo(303);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  /** He may have left, and the other server tells nobody. */
  @Test
  void anAdminEndsTheSessionsOfWhoIsKnownElsewhere() {
    Left left = leave();
    String session =
        Forms.cookie(comeBack(left.cookie(), provider.code(left.to()), left.state()), "headrace");
    assertThat(site.send(site.request(HOME).header("Cookie", session)).statusCode()).isEqualTo(200);
    assertThat(site.accounts().sessions().endAll("oidc:grace@example.com")).isEqualTo(1);
    assertThat(site.send(site.request(HOME).header("Cookie", session)).statusCode()).isEqualTo(303);
  }

  @Test
  void aServerThatDoesNotAnswerIsSaidSo() {
    provider.close();
    HttpResponse<String> answer = site.get("", "/login/oidc");
    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(answer.body()).contains("does not answer as it should").doesNotContain("127.0.0.1");
  }
}

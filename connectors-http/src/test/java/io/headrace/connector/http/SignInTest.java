package io.headrace.connector.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.connector.Connection;
import io.headrace.connector.Secrets;
import io.headrace.connector.Setting;
import io.headrace.connector.http.TestApi.Reply;
import io.headrace.engine.Cancellation;
import io.headrace.error.HeadraceException;
import io.headrace.error.Location;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is asked, with which credentials, and what of them anybody sees. */
class SignInTest {
  private static final String GOOD = "[{\"id\": 1}]";

  @TempDir Path root;
  private TestApi api;

  @BeforeEach
  void start() throws IOException {
    api = new TestApi();
    api.json("/rows", GOOD);
  }

  @AfterEach
  void stop() {
    api.close();
  }

  private TestApi.Request asked(String... settings) {
    Reading.of(root, api.url(), settings).rows("/rows", "id BIGINT");
    return api.requests().get(api.requests().size() - 1);
  }

  @Test
  void sendsCredentials() {
    assertThat(asked().header("Authorization")).isEmpty();
    assertThat(asked("bearer=$SECRET").header("Authorization")).isEqualTo("Bearer s3cr\"et");
    assertThat(asked("user=ada", "password=$SECRET").header("Authorization"))
        .isEqualTo("Basic YWRhOnMzY3IiZXQ=");
    TestApi.Request request = asked("header.X-Api-Key=$SECRET", "header.Accept-Language=en");
    assertThat(request.header("X-Api-Key")).isEqualTo("s3cr\"et");
    assertThat(request.header("Accept-Language")).isEqualTo("en");
  }

  @Test
  void getsATokenOnce() {
    api.answer(
        "/token",
        request ->
            Reply.json(
                "{\"token_type\": \"Bearer\", \"access_token\": \"t0ken\", \"expires_in\": 3600}"));
    api.answer(
        "/pages",
        request ->
            Reply.json(
                request.parameter("page").equals("3")
                    ? "[]"
                    : "[{\"id\": %s}]".formatted(request.parameter("page"))));
    Reading reading =
        Reading.of(
            root,
            api.url(),
            "token_url=" + api.url() + "/token",
            "client_id=me",
            "client_secret=$SECRET",
            "scope=read all");
    assertThat(reading.rows(Map.of("path", "/pages", "pages.kind", "page"), "id BIGINT"))
        .containsExactly("1", "2");
    assertThat(api.requests())
        .extracting(r -> r.method() + " " + r.path() + " " + r.header("Authorization"))
        .containsExactly(
            "POST /token Basic bWU6czNjciUyMmV0",
            "GET /pages Bearer t0ken",
            "GET /pages Bearer t0ken",
            "GET /pages Bearer t0ken");
    assertThat(api.requests().get(0).body())
        .isEqualTo("grant_type=client_credentials&scope=read+all");
  }

  @Test
  void getsAnotherTokenWhenOneHasExpired() {
    api.inTurn(
        "/token",
        Reply.json("{\"access_token\": \"old\"}"),
        Reply.json("{\"access_token\": \"new\"}"));
    api.answer(
        "/private",
        request ->
            request.header("Authorization").equals("Bearer new")
                ? Reply.json(GOOD)
                : Reply.of(401, "text/plain", "no: " + request.header("Authorization")));
    String[] settings = {
      "token_url=" + api.url() + "/token", "client_id=me", "client_secret=$SECRET"
    };
    assertThat(Reading.of(root, api.url(), settings).rows("/private", "id BIGINT"))
        .containsExactly("1");
    api.inTurn("/never", Reply.of(401, "text/plain", "no: new"));
    assertThatThrownBy(() -> Reading.of(root, api.url(), settings).rows("/never", "id BIGINT"))
        .hasMessageEndingWith("/never: it answers with 401 (not signed in): no: ***");
    api.inTurn("/denied", Reply.of(400, "application/json", "{\"error\": \"invalid_client\"}"));
    assertThatThrownBy(
            () ->
                Reading.of(
                        root,
                        api.url(),
                        "token_url=" + api.url() + "/denied",
                        "client_id=me",
                        "client_secret=$SECRET")
                    .rows("/rows", "id BIGINT"))
        .hasMessageEndingWith("/denied: it gives no token, but answers with 400");
  }

  @Test
  void noCredentialsGoToAnotherHost() throws IOException {
    try (TestApi other = new TestApi()) {
      other.json("/there", GOOD);
      api.inTurn(
          "/moved", Reply.of(302, "text/plain", "").with("Location", other.url() + "/there"));
      for (String[] settings :
          new String[][] {
            {"bearer=$SECRET"},
            {"user=ada", "password=$SECRET"},
            {"header.X-Api-Key=$SECRET", "header.X-Other=secret-too"}
          }) {
        assertThat(Reading.of(root, api.url(), settings).rows("/moved", "id BIGINT"))
            .containsExactly("1");
      }
      assertThat(other.requests())
          .hasSize(3)
          .allSatisfy(
              request ->
                  assertThat(request.headers().keySet())
                      .doesNotContain("authorization", "x-api-key", "x-other", "cookie"));
    }
  }

  @Test
  void messagesHaveNoSecrets() {
    for (String reply : List.of("s3cr\"et", "x".repeat(196) + "s3cr\"et", "YWRhOnMzY3IiZXQ=")) {
      try (TestApi other = new TestApi()) {
        other.inTurn("/rows", Reply.of(400, "text/plain", reply));
        assertThatThrownBy(
                () ->
                    Reading.of(root, other.url(), "user=ada", "password=$SECRET")
                        .rows(Map.of("path", "/rows", "parameters.a", "p4rameter"), "id BIGINT"))
            .isInstanceOf(HeadraceException.class)
            .hasNoCause()
            .extracting(Throwable::getMessage)
            .asString()
            .doesNotContain("s3cr")
            .doesNotContain("YWRh")
            .doesNotContain("p4rameter");
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
  }

  @Test
  void onlyPublicAddressesAreAsked() throws IOException {
    try (TestApi inside = new TestApi()) {
      inside.json("/rows", GOOD);
      String port = inside.url().replaceFirst(".*:", "");
      for (String host :
          List.of(
              "127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "2130706433")) {
        Map<String, String> connection = Map.of("url", "http://" + host + ":" + port);
        assertThatThrownBy(() -> new Reading(root, connection, Map.of()).rows("/rows", "id BIGINT"))
            .isInstanceOf(HeadraceException.class)
            .hasMessageContaining("no public address");
      }
      assertThat(inside.requests()).isEmpty();
    }
  }

  @Test
  void everyAddressOfANameHasToBePublic() throws UnknownHostException {
    PublicResolver resolver =
        new PublicResolver(
            host -> new InetAddress[] {address("93.184.215.14"), address("10.0.0.1")},
            Addresses::isPublic);
    assertThatThrownBy(() -> resolver.resolve("both.example.com"))
        .hasMessage("'both.example.com' is at 10.0.0.1, which is no public address");
    assertThat(
            new PublicResolver(InetAddress::getAllByName, Addresses::isPublic)
                .resolve("93.184.215.14"))
        .containsExactly(address("93.184.215.14"));
  }

  @Test
  void redirectsLeadOnlyWhereTheConnectionMayGo() throws IOException {
    // As if 127.0.0.1 were public. The name leads there when it is looked up first, and then
    // inside.
    InetAddress inside = address("127.0.0.2");
    List<String> lookedUp = new ArrayList<>();
    PublicResolver.Lookup lookup =
        host -> {
          lookedUp.add(host);
          boolean isInside = host.equals("inside.test") || lookedUp.size() > 1;
          return new InetAddress[] {isInside ? inside : address("127.0.0.1")};
        };
    try (RawServer secret = new RawServer(inside, (socket, out, n) -> {})) {
      for (String target : List.of("http://inside.test:" + secret.port() + "/x", "/again")) {
        lookedUp.clear();
        api.inTurn(
            "/to" + target.length(), Reply.of(302, "text/plain", "").with("Location", target));
        String url = api.url().replace("127.0.0.1", "outside.test");
        ConnectionSettings connection =
            ConnectionSettings.of(
                new Connection(
                    "shop",
                    new TreeMap<>(Map.of("url", new Setting.Plain(url))),
                    new Location("headrace.yaml", 1, 1)),
                new Secrets(root, name -> null));
        PublicResolver resolver = new PublicResolver(lookup, address -> !address.equals(inside));
        try (Requests requests =
                new Requests(
                    connection,
                    Failures.Work.READING,
                    new RateLimit(Duration.ZERO),
                    Waits.real(),
                    resolver);
            Spool body = new Spool(root)) {
          URI uri = URI.create(url + "/to" + target.length());
          assertThatThrownBy(
                  () -> requests.get(uri, "*/*", body, requests.budget(Cancellation.never())))
              .isInstanceOf(HeadraceException.class)
              .hasMessageContaining(
                  target.equals("/again")
                      ? "404"
                      : "'inside.test' is at 127.0.0.2, which is no public address");
        }
        // What was connected to is what was looked up: nobody asks again for a connection that is
        // there.
        assertThat(lookedUp)
            .isEqualTo(
                target.equals("/again")
                    ? List.of("outside.test")
                    : List.of("outside.test", "inside.test"));
      }
      assertThat(secret.connections()).isZero();
    }
  }

  @Test
  void knowsWhichAddressesArePublic() throws UnknownHostException {
    for (String open :
        List.of(
            "1.1.1.1",
            "93.184.215.14",
            "172.15.0.1",
            "172.32.0.1",
            "100.63.0.1",
            "100.128.0.1",
            "2606:4700::1111",
            "2a00:1450::1",
            "64:ff9b::101:101",
            "2002:101:101::1")) {
      assertThat(Addresses.isPublic(address(open))).as(open).isTrue();
    }
    for (String closed :
        List.of(
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "100.100.100.200",
            "127.0.0.1",
            "127.255.0.1",
            "168.63.129.16",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.192",
            "192.0.2.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "239.1.1.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "fe80::1",
            "fec0::1",
            "fc00::1",
            "fd00:ec2::254",
            "ff02::1",
            "2001:db8::1",
            "2001::1",
            "3fff::1",
            "64:ff9b::a00:1",
            "2002:a00:1::1",
            "::10.0.0.1",
            "100::1",
            "64:ff9b:1::1")) {
      assertThat(Addresses.isPublic(address(closed))).as(closed).isFalse();
    }
    byte[] mapped = address("::1").getAddress();
    mapped[10] = -1;
    mapped[11] = -1;
    mapped[12] = 10;
    assertThat(Addresses.isPublic(InetAddress.getByAddress(mapped))).isFalse();
  }

  @Test
  void refusesConnectionsThatAreNotAllowed() {
    record Case(String reason, List<String> settings) {}
    for (Case wrong :
        List.of(
            new Case("has no `url`", List.of()),
            new Case("Cannot use the `url`", List.of("url=ftp://a")),
            new Case("Cannot use the `url`", List.of("url=https://me:pw@a.example.com")),
            new Case("Cannot use the `url`", List.of("url=https://a.example.com?key=1")),
            new Case("Cannot use the `url`", List.of("url=https:///x")),
            new Case("'proxy' is not allowed", List.of("url=https://a", "proxy=x")),
            new Case("is written in the project", List.of("url=https://a", "bearer=abc")),
            new Case("is written in the project", List.of("url=https://a", "header.X-Api-Key=abc")),
            new Case(
                "is written in the project", List.of("url=https://a", "header.Authorization=abc")),
            new Case("'header.Host' is not allowed", List.of("url=https://a", "header.Host=abc")),
            new Case("'header.' is not allowed", List.of("url=https://a", "header.=abc")),
            new Case("has no `password`", List.of("url=https://a", "user=abc")),
            new Case("has no `client_id`", List.of("url=https://a", "token_url=https://b")),
            new Case(
                "in several ways", List.of("url=https://a", "bearer=$S", "user=u", "password=$S")),
            new Case("its `url` is not encrypted", List.of("url=http://a", "bearer=$S")),
            new Case("its `url` is not encrypted", List.of("url=http://a", "header.Cookie=$S")),
            new Case("control character", List.of("url=https://a", "header.X=$LINES")),
            new Case(
                "`rate` of the connection 'shop' is '0/s'", List.of("url=https://a", "rate=0/s")),
            new Case("`timeout` of", List.of("url=https://a", "timeout=0s")),
            new Case("`max_bytes` of", List.of("url=https://a", "max_bytes=1")),
            new Case("`max_pages` of", List.of("url=https://a", "max_pages=0")),
            new Case("`allow_private` of", List.of("url=https://a", "allow_private=yes")))) {
      Map<String, String> connection = new TreeMap<>();
      for (String setting : wrong.settings()) {
        connection.put(
            setting.substring(0, setting.indexOf('=')),
            setting.substring(setting.indexOf('=') + 1));
      }
      Reading reading = new Reading(root, connection, Map.of("S", "s3cret", "LINES", "a\r\nb: c"));
      assertThatThrownBy(() -> reading.open(Map.of("path", "/rows"), "id BIGINT"))
          .isInstanceOf(HeadraceException.class)
          .hasMessageContaining(wrong.reason())
          .hasMessageNotContaining("s3cret")
          .hasMessageNotContaining("pw@");
    }
  }

  /** Of a literal, for which nobody is asked. */
  private static InetAddress address(String literal) throws UnknownHostException {
    return InetAddress.getAllByName(literal)[0];
  }
}

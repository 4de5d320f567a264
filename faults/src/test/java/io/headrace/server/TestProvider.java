package io.headrace.server;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.oauth2.sdk.pkce.CodeChallenge;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.headrace.server.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A server that knows people, by OpenID Connect: it lets everybody in as Grace, gives a code once,
 * holds it against the challenge, and signs what it says. A test may have it say something wrong.
 */
final class TestProvider implements AutoCloseable {
  static final String CLIENT = "headrace";
  static final String SECRET = "canary-client-secret";

  /** How what it says is wrong. */
  enum Flaw {
    NONE,
    NO_SIGNATURE,
    KEY_OF_ANOTHER,
    SHARED_SECRET,
    NONCE,
    AUDIENCE,
    ISSUER,
    EXPIRED,
    UNPROVEN_EMAIL,
    UNPROVEN_EMAIL_AS_TEXT,
    UNSAID_EMAIL,
    NO_NAME
  }

  private static final List<RSAKey> KEYS = List.of(newKey(), newKey());

  private final HttpServer server;

  /** Made once: that takes longer than a test. */
  private final RSAKey key = KEYS.get(0);

  private final RSAKey other = KEYS.get(1);
  private final Map<String, Map<String, String>> codes = new ConcurrentHashMap<>();
  private volatile Flaw flaw = Flaw.NONE;
  private volatile List<String> groups = List.of("analysts");
  private volatile CountDownLatch going = new CountDownLatch(0);
  private final AtomicInteger asks = new AtomicInteger();

  private static RSAKey newKey() {
    try {
      return new RSAKeyGenerator(2048).keyID("one").generate();
    } catch (JOSEException e) {
      throw new AssertionError(e);
    }
  }

  TestProvider() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext(
        "/.well-known/openid-configuration", exchange -> answer(exchange, 200, metadata()));
    server.createContext(
        "/keys",
        exchange -> {
          int unused = asks.incrementAndGet();
          answer(exchange, 200, new JWKSet(key.toPublicJWK()).toString());
        });
    server.createContext("/token", this::token);
    server.start();
  }

  String issuer() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  void flaw(Flaw wanted) {
    flaw = wanted;
  }

  /** Answers nobody until it is told to go on. */
  void pause() {
    going = new CountDownLatch(1);
  }

  void goOn() {
    going.countDown();
  }

  /** How often its keys were asked for. */
  int asksForKeys() {
    return asks.get();
  }

  void groups(List<String> names) {
    groups = names;
  }

  private String metadata() {
    return Json.write(
        Json.object(
            "issuer", issuer(),
            "authorization_endpoint", issuer() + "/authorize",
            "token_endpoint", issuer() + "/token",
            "jwks_uri", issuer() + "/keys",
            "response_types_supported", List.of("code"),
            "subject_types_supported", List.of("public"),
            "id_token_signing_alg_values_supported", List.of("RS256")));
  }

  /** Lets somebody in who was sent here; returns the code that he goes back with. */
  String code(URI sentTo) {
    Map<String, String> asked = fields(sentTo.getRawQuery());
    if (!asked.getOrDefault("client_id", "").equals(CLIENT)
        || !asked.getOrDefault("code_challenge_method", "").equals("S256")) {
      throw new AssertionError("Not asked as it should be: " + asked);
    }
    String code = "code" + codes.size();
    codes.put(code, asked);
    return code;
  }

  static Map<String, String> fields(String query) {
    Map<String, String> fields = new HashMap<>();
    for (String field : query.split("&", -1)) {
      int at = field.indexOf('=');
      fields.put(
          field.substring(0, at),
          URLDecoder.decode(field.substring(at + 1), StandardCharsets.UTF_8));
    }
    return fields;
  }

  private void token(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    Map<String, String> sent = fields(body);
    Map<String, String> asked = codes.remove(sent.getOrDefault("code", ""));
    String basic =
        "Basic "
            + Base64.getEncoder()
                .encodeToString((CLIENT + ":" + SECRET).getBytes(StandardCharsets.UTF_8));
    boolean isGood =
        asked != null
            && basic.equals(exchange.getRequestHeaders().getFirst("Authorization"))
            && sent.getOrDefault("redirect_uri", "").equals(asked.get("redirect_uri"))
            && CodeChallenge.compute(
                    CodeChallengeMethod.S256,
                    new CodeVerifier(sent.getOrDefault("code_verifier", "x".repeat(43))))
                .getValue()
                .equals(asked.get("code_challenge"));
    if (asked == null || !isGood) {
      answer(exchange, 400, "{\"error\":\"invalid_grant\"}");
      return;
    }
    try {
      answer(
          exchange,
          200,
          Json.write(
              Json.object(
                  "access_token", "unused",
                  "token_type", "Bearer",
                  "id_token", idToken(String.valueOf(asked.get("nonce"))))));
    } catch (JOSEException e) {
      throw new AssertionError(e);
    }
  }

  private String idToken(String nonce) throws JOSEException {
    Instant now = Instant.now();
    Instant until = flaw == Flaw.EXPIRED ? now.minusSeconds(600) : now.plusSeconds(60);
    JWTClaimsSet.Builder claims =
        new JWTClaimsSet.Builder()
            .issuer(flaw == Flaw.ISSUER ? "http://127.0.0.1:1" : issuer())
            .audience(flaw == Flaw.AUDIENCE ? "somebody-else" : CLIENT)
            .subject("0001")
            .issueTime(Date.from(until.minusSeconds(60)))
            .expirationTime(Date.from(until))
            .claim("nonce", flaw == Flaw.NONCE ? "another" : nonce)
            .claim("groups", groups);
    if (flaw != Flaw.UNSAID_EMAIL) {
      claims.claim(
          "email_verified",
          flaw == Flaw.UNPROVEN_EMAIL_AS_TEXT ? "false" : flaw != Flaw.UNPROVEN_EMAIL);
    }
    if (flaw != Flaw.NO_NAME) {
      claims.claim("email", "grace@example.com");
    }
    if (flaw == Flaw.NO_SIGNATURE) {
      return new PlainJWT(claims.build()).serialize();
    }
    if (flaw == Flaw.SHARED_SECRET) {
      SignedJWT token = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims.build());
      token.sign(new MACSigner((SECRET + SECRET).getBytes(StandardCharsets.UTF_8)));
      return token.serialize();
    }
    SignedJWT token =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("one").build(), claims.build());
    token.sign(new RSASSASigner(flaw == Flaw.KEY_OF_ANOTHER ? other : key));
    return token.serialize();
  }

  private void answer(HttpExchange exchange, int status, String json) throws IOException {
    try {
      going.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}

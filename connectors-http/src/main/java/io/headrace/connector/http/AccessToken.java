package io.headrace.connector.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.headrace.connector.Secrets;
import io.headrace.error.HeadraceException;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A token of OAuth 2 that a client got with its own credentials (RFC 6749, section 4.4).
 *
 * @param end when it is of no use any more
 */
record AccessToken(String value, Instant end) {
  /** A token that is about to expire may do so on its way. */
  private static final Duration MARGIN = Duration.ofSeconds(30);

  /** What one lives for that does not say how long. */
  private static final Duration USUAL = Duration.ofMinutes(5);

  /**
   * Asks for one.
   *
   * @throws TransientException if another attempt may help
   * @throws HeadraceException if the client is refused, or the answer is none
   */
  static AccessToken request(
      Credentials.Client client,
      Secrets secrets,
      Exchange exchange,
      Failures failures,
      InstantSource clock,
      Spool body,
      Budget budget)
      throws TransientException {
    String scope = client.scope().isEmpty() ? "" : "&scope=" + encoded(client.scope());
    Answer answer =
        exchange.send(
            client.tokenUrl(),
            Map.of(
                "Accept",
                "application/json",
                "Authorization",
                secrets.basic(encoded(client.id()), encoded(client.secret()))),
            Optional.of(Outgoing.form("grant_type=client_credentials" + scope)),
            body,
            budget.cancel());
    if (answer.status() >= 500 || answer.status() == 429) {
      throw new TransientException("`token_url` answered with " + answer.status());
    }
    if (answer.status() != 200) {
      throw failures.of(
          client.tokenUrl(),
          "it gives no token, but answers with %d".formatted(answer.status()),
          "Are `token_url`, `client_id`, `client_secret` and `scope` of the connection right?");
    }
    return parsed(client, secrets, failures, clock, body);
  }

  private static AccessToken parsed(
      Credentials.Client client,
      Secrets secrets,
      Failures failures,
      InstantSource clock,
      Spool body) {
    String value = "";
    Duration life = USUAL;
    try (JsonParser parser = new JsonFactory().createParser(body.read())) {
      if (parser.nextToken() == JsonToken.START_OBJECT) {
        for (JsonToken name = parser.nextToken();
            name == JsonToken.FIELD_NAME;
            name = parser.nextToken()) {
          String field = parser.currentName();
          @Nullable JsonToken token = parser.nextToken();
          if (field.equals("access_token") && token == JsonToken.VALUE_STRING) {
            value = parser.getText();
          } else if (field.equals("expires_in") && token == JsonToken.VALUE_NUMBER_INT) {
            life = Duration.ofSeconds(parser.getLongValue());
          } else {
            parser.skipChildren();
          }
        }
      }
    } catch (IOException e) {
      value = "";
    }
    secrets.keep(value);
    if (!value.matches("[\\x21-\\x7e]+")) {
      throw failures.of(
          client.tokenUrl(),
          "it answers without an `access_token`",
          "Is `token_url` of the connection right?");
    }
    return new AccessToken(value, clock.instant().plus(life).minus(MARGIN));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  boolean isOver(Instant now) {
    return !now.isBefore(end);
  }
}

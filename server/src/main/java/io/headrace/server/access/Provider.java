package io.headrace.server.access;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jwt.JWT;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.oauth2.sdk.AuthorizationCode;
import com.nimbusds.oauth2.sdk.AuthorizationCodeGrant;
import com.nimbusds.oauth2.sdk.GeneralException;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.TokenResponse;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.Secret;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.openid.connect.sdk.AuthenticationRequest;
import com.nimbusds.openid.connect.sdk.Nonce;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponseParser;
import com.nimbusds.openid.connect.sdk.claims.IDTokenClaimsSet;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import com.nimbusds.openid.connect.sdk.validators.IDTokenValidator;
import io.headrace.access.Oidc;
import io.headrace.error.HeadraceException;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Another server that knows people, spoken to by OpenID Connect: the flow with a code, PKCE, a
 * state and a nonce. Remembers the keys that it signs with for a while. Safe for many threads.
 */
final class Provider {
  private static final int MILLIS = 10_000;
  private static final int MOST_BYTES_OF_KEYS = 1_000_000;

  /** Signatures that only the provider can make; never none, and none with a shared secret. */
  private static final Set<JWSAlgorithm> SIGNATURES =
      Set.of(
          JWSAlgorithm.RS256,
          JWSAlgorithm.RS384,
          JWSAlgorithm.RS512,
          JWSAlgorithm.PS256,
          JWSAlgorithm.PS384,
          JWSAlgorithm.PS512,
          JWSAlgorithm.ES256,
          JWSAlgorithm.ES384,
          JWSAlgorithm.ES512);

  private final Oidc settings;
  private final OIDCProviderMetadata metadata;
  private final IDTokenValidator validator;

  private Provider(Oidc settings, OIDCProviderMetadata metadata) throws IOException {
    this.settings = settings;
    this.metadata = metadata;
    JWKSource<SecurityContext> keys =
        JWKSourceBuilder.create(
                metadata.getJWKSetURI().toURL(),
                new DefaultResourceRetriever(MILLIS, MILLIS, MOST_BYTES_OF_KEYS))
            .refreshAheadCache(false)
            .build();
    this.validator =
        new IDTokenValidator(
            metadata.getIssuer(),
            new ClientID(settings.client()),
            new JWSVerificationKeySelector<>(SIGNATURES, keys),
            null);
  }

  /** What is remembered from the way there to the way back. */
  record Asked(State state, Nonce nonce, CodeVerifier verifier, URI back) {
    static Asked of(URI back) {
      return new Asked(new State(), new Nonce(), new CodeVerifier(), back);
    }
  }

  /** Who came back. */
  record Known(String name, List<String> groups) {}

  /**
   * Asks the server what it can do.
   *
   * @throws HeadraceException if it does not answer as such a server does
   */
  static Provider find(Oidc settings) {
    try {
      OIDCProviderMetadata found =
          OIDCProviderMetadata.resolve(new Issuer(settings.issuer()), MILLIS, MILLIS);
      return new Provider(settings, found);
    } catch (GeneralException | IOException e) {
      throw unreachable(e);
    }
  }

  private static HeadraceException unreachable(Exception e) {
    return new HeadraceException(
        "Cannot ask your organization who you are: its server does not answer as it should",
        "Try again, or tell whoever keeps this server",
        e);
  }

  Oidc settings() {
    return settings;
  }

  /** Where to send a browser. */
  URI address(Asked asked) {
    Scope scope = new Scope("openid");
    settings.scopes().forEach(scope::add);
    return new AuthenticationRequest.Builder(
            ResponseType.CODE, scope, new ClientID(settings.client()), asked.back())
        .endpointURI(metadata.getAuthorizationEndpointURI())
        .state(asked.state())
        .nonce(asked.nonce())
        .codeChallenge(asked.verifier(), CodeChallengeMethod.S256)
        .build()
        .toURI();
  }

  /**
   * Who came back with a code; empty if what the provider says of him does not hold: it is for
   * somebody else, too old, not signed by it, or an answer to another question.
   *
   * @throws HeadraceException if the provider does not answer
   */
  Optional<Known> known(Asked asked, String code, String secret) {
    ClientID client = new ClientID(settings.client());
    try {
      HTTPRequest request =
          new TokenRequest.Builder(
                  metadata.getTokenEndpointURI(),
                  new ClientSecretBasic(client, new Secret(secret)),
                  new AuthorizationCodeGrant(
                      new AuthorizationCode(code), asked.back(), asked.verifier()))
              .build()
              .toHTTPRequest();
      request.setConnectTimeout(MILLIS);
      request.setReadTimeout(MILLIS);
      TokenResponse response = OIDCTokenResponseParser.parse(request.send());
      if (!response.indicatesSuccess()
          || !(response.toSuccessResponse()
              instanceof com.nimbusds.openid.connect.sdk.OIDCTokenResponse good)) {
        return Optional.empty();
      }
      return validated(good.getOIDCTokens().getIDToken(), asked.nonce());
    } catch (IOException | ParseException e) {
      throw unreachable(e);
    }
  }

  private Optional<Known> validated(JWT token, Nonce nonce) throws IOException {
    if (!(token instanceof SignedJWT signed)
        || !SIGNATURES.contains(signed.getHeader().getAlgorithm())) {
      return Optional.empty();
    }
    try {
      return known(validator.validate(token, nonce));
    } catch (BadJOSEException e) {
      return Optional.empty();
    } catch (JOSEException e) {
      throw new IOException(e);
    }
  }

  private Optional<Known> known(IDTokenClaimsSet claims) {
    // Some send it as a text.
    Object proven = claims.getClaim("email_verified");
    boolean isProven =
        proven == null ? settings.trustsEmail() : String.valueOf(proven).equals("true");
    boolean isUnproven = settings.name().equals("email") && !isProven;
    String name = claims.getStringClaim(settings.name());
    if (isUnproven || name == null || name.isBlank()) {
      return Optional.empty();
    }
    List<String> groups = new ArrayList<>();
    Object listed = claims.getClaim(settings.groups());
    if (listed instanceof List<?> list) {
      list.forEach(group -> groups.add(String.valueOf(group)));
    } else if (listed instanceof String one) {
      groups.add(one);
    }
    groups.removeIf(group -> group.isBlank() || group.contains("\n"));
    return Optional.of(new Known(name, groups));
  }
}

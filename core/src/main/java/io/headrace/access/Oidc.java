package io.headrace.access;

import io.headrace.connector.Setting;
import java.util.List;

/**
 * Another server that knows people, by OpenID Connect.
 *
 * @param issuer its address, below which {@code .well-known/openid-configuration} is
 * @param secret of the client; a reference, as everywhere
 * @param groups the claim with the groups that somebody is in
 * @param name the claim that says who somebody is
 * @param scopes that are asked for besides {@code openid}
 * @param trustsEmail whether an email is taken of which it does not say whether it is verified
 */
public record Oidc(
    String issuer,
    String client,
    Setting secret,
    String groups,
    String name,
    List<String> scopes,
    boolean trustsEmail) {
  public Oidc {
    scopes = List.copyOf(scopes);
  }
}

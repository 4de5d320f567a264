package io.headrace.server.access;

import io.headrace.access.AccessRules;
import io.headrace.access.Person;
import io.headrace.access.Sessions.Session;
import io.headrace.access.Tokens.Owner;
import io.headrace.access.Tokens.Token;
import io.headrace.access.Users.User;
import io.javalin.http.Context;
import io.javalin.http.Cookie;
import io.javalin.http.HttpResponseException;
import io.javalin.http.SameSite;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds out who asks: by a token, or by a session of a browser. Safe for many threads. */
final class Arrivals {
  private static final String BEARER = "Bearer ";
  private static final String USE_SESSION = "session";
  private static final String USE_FORM = "form";

  /** So often it is written down that a token or session was used. */
  private static final Duration NOTED = Duration.ofMinutes(1);

  private final Access access;

  Arrivals(Access access) {
    this.access = access;
  }

  /**
   * Who asks; empty if nobody knows.
   *
   * @throws HttpResponseException 401 if a token is shown that is worth nothing
   */
  Optional<Visitor> visitor(Context context) {
    Optional<String> header = Optional.ofNullable(context.header("Authorization"));
    return header.isPresent() ? Optional.of(ofToken(header.get())) : ofSession(context);
  }

  private Visitor ofToken(String header) {
    boolean isBearer = header.regionMatches(true, 0, BEARER, 0, BEARER.length());
    String digest = Secret.tokenDigest(isBearer ? header.substring(BEARER.length()).strip() : "");
    Instant now = access.clock().instant();
    Token token =
        access
            .accounts()
            .tokens()
            .find(digest)
            .filter(found -> found.isGood(now))
            .orElseThrow(Arrivals::badToken);
    if (token.usedAt().filter(used -> used.plus(NOTED).isAfter(now)).isEmpty()) {
      access.accounts().tokens().used(digest, now);
    }
    String name = "token:" + token.name();
    AccessRules rules = access.file().rules();
    return token
        .owner()
        .map(owner -> ofOwned(name, owner, rules))
        .orElseGet(() -> new Visitor(name, rules.rightsOf(Set.of(name))));
  }

  /** It has the rights of its owner as they are now. Its own name gives it none. */
  private Visitor ofOwned(String name, Owner owner, AccessRules rules) {
    Person person = owner.person();
    boolean isThere =
        person.isKnownElsewhere()
            ? rules.oidc().isPresent()
            : access.accounts().users().find(person.name()).isPresent();
    if (!isThere) {
      throw badToken();
    }
    return new Visitor(
        name, rules.rightsOf(person.names()).atMost(owner.role()), "", Optional.of(person));
  }

  private static HttpResponseException badToken() {
    return new HttpResponseException(
        401,
        "That token is worth nothing",
        Map.of("hint", "It is wrong, has expired or was revoked; ask for a new one"));
  }

  private Optional<Visitor> ofSession(Context context) {
    Optional<String> secret = Optional.ofNullable(context.cookie(cookie()));
    if (secret.isEmpty()) {
      return Optional.empty();
    }
    AccessRules rules = access.file().rules();
    Instant now = access.clock().instant();
    Optional<Session> session =
        access
            .accounts()
            .sessions()
            .find(Secret.digest(USE_SESSION, secret.get()))
            .filter(found -> isGoing(found, rules, now));
    session
        .filter(found -> found.usedAt().plus(NOTED).isBefore(now))
        .ifPresent(found -> access.accounts().sessions().used(found.digest(), now));
    return session.map(found -> ofSession(found, rules, Secret.digest(USE_FORM, secret.get())));
  }

  private static Visitor ofSession(Session session, AccessRules rules, String form) {
    Person person = new Person(session.who(), session.groups());
    return new Visitor(person.name(), rules.rightsOf(person.names()), form, Optional.of(person));
  }

  private static boolean isGoing(Session session, AccessRules rules, Instant now) {
    return session.begunAt().plus(rules.longest()).isAfter(now)
        && session.usedAt().plus(rules.idle()).isAfter(now);
  }

  /** Begins a session in the browser that asks, instead of the one that it had. */
  void begin(Context context, Person person) {
    end(context);
    String secret = Secret.make();
    access.accounts().tokens().regroup(person);
    access.accounts().sessions().begin(session(secret, person));
    keep(context, secret);
  }

  /**
   * The same for a user whose password was right.
   *
   * @return false if he was removed meanwhile, or has another password; then there is no session
   */
  boolean begin(Context context, User user) {
    end(context);
    String secret = Secret.make();
    if (!access
        .accounts()
        .sessions()
        .begin(session(secret, new Person(user.name(), List.of())), user)) {
      return false;
    }
    keep(context, secret);
    return true;
  }

  private Session session(String secret, Person person) {
    Instant now = access.clock().instant();
    return new Session(
        Secret.digest(USE_SESSION, secret), person.name(), person.groups(), now, now);
  }

  private void keep(Context context, String secret) {
    context.cookie(cookie(cookie(), secret, -1, SameSite.STRICT));
  }

  /** Ends the session of the browser that asks, if it has one. */
  void end(Context context) {
    Optional.ofNullable(context.cookie(cookie()))
        .ifPresent(
            secret -> {
              access.accounts().sessions().end(Secret.digest(USE_SESSION, secret));
              context.cookie(cookie(cookie(), "", 0, SameSite.STRICT));
            });
  }

  private String cookie() {
    return name("headrace");
  }

  /** The name of a cookie; the longer one tells browsers to take it from this host only. */
  String name(String plain) {
    return access.doorway().isSafe() ? "__Host-" + plain : plain;
  }

  /**
   * A cookie that scripts do not see.
   *
   * @param seconds that it lives; less than 0 for as long as the browser runs
   */
  Cookie cookie(String name, String value, int seconds, SameSite site) {
    return new Cookie(name, value, "/", seconds, access.doorway().isSafe(), true, null, site);
  }

  /** What the form of a browser without a session has to send back: a digest of its cookie. */
  static String form(String cookie) {
    return Secret.digest(USE_FORM, cookie);
  }
}

package io.headrace.server.access;

import io.headrace.access.AccountName;
import io.headrace.access.AuditLog.Entry;
import io.headrace.access.Person;
import io.headrace.access.Role;
import io.headrace.access.Tokens.Owner;
import io.headrace.access.Tokens.Token;
import io.headrace.error.ConflictException;
import io.headrace.error.UsageException;
import io.headrace.server.route.Projects;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The tokens that people make for themselves. Such a token may do what its owner may when it is
 * used, and no more than the role that he gave it. It goes when he goes. Safe for many threads.
 */
public final class OwnTokens {
  /** As long as one is good, unless its owner says less. */
  public static final Duration LONGEST = Duration.ofDays(90);

  /** Requests are counted by token: with more of them, somebody could ask more often. */
  private static final int MOST = 20;

  private final Access access;

  public OwnTokens(Access access) {
    this.access = access;
  }

  /** A token that was made, and what has to be shown for it. */
  public record Made(Token token, String secret) {}

  /**
   * The tokens of who asks, by name.
   *
   * @throws HttpResponseException 403 if it is nobody's token that asks
   */
  public List<Token> list(Context context) {
    return access.accounts().tokens().of(person(context).name());
  }

  /** The roles that a token may get: those that its owner has somewhere. */
  public static List<Role> roles(Context context) {
    Optional<Role> most = Visitor.of(context).rights().most();
    return Arrays.stream(Role.values())
        .filter(role -> most.filter(own -> own.includes(role)).isPresent())
        .toList();
  }

  /**
   * Makes a token. Only who has logged in does: a token that is lost makes no others, which nobody
   * would know of.
   *
   * @param good how long
   * @throws UsageException if the name, the role or the time is not good
   * @throws ConflictException if there is one of that name, or there are too many
   * @throws HttpResponseException 403 for who has not logged in
   */
  public Made make(Context context, String name, Role role, Duration good) {
    Person person = person(context);
    if (!Visitor.of(context).hasSession()) {
      throw new HttpResponseException(
          403,
          "A token makes no tokens",
          Map.of("hint", "Log in, and make it on the page /tokens"));
    }
    AccountName.require(name);
    if (!roles(context).contains(role)) {
      throw new UsageException(
          "You are %s nowhere yourself".formatted(role), "Give the token a role that you have");
    }
    if (good.compareTo(LONGEST) > 0 || good.isZero() || good.isNegative()) {
      throw new UsageException(
          "A token is good for %d days at most".formatted(LONGEST.toDays()), "Write it like 30d");
    }
    if (list(context).size() >= MOST) {
      throw new ConflictException(
          "You have %d tokens already".formatted(MOST), "Revoke those that you do not use");
    }
    Instant now = access.clock().instant();
    String secret = Secret.newToken();
    Owner owner = new Owner(person, role);
    Token token =
        new Token(
            owner.token(name),
            Secret.tokenDigest(secret),
            now,
            Optional.of(now.plus(good)),
            Optional.empty(),
            Optional.of(owner));
    access.accounts().tokens().add(token);
    return new Made(token, secret);
  }

  /**
   * Revokes a token of who asks.
   *
   * @param name without that of its owner
   * @throws HttpResponseException 404 if he has none of that name
   */
  public void revoke(Context context, String name) {
    String owner = person(context).name();
    List<String> names = list(context).stream().map(token -> name(token)).toList();
    if (!names.contains(name) || !access.accounts().tokens().revoke(owner + "/" + name)) {
      throw Projects.missing("token", name, names);
    }
  }

  /** What a token is called by its owner. */
  public static String name(Token token) {
    return token.name().substring(token.name().lastIndexOf('/') + 1);
  }

  /**
   * Does what a form of a page asks for, and writes it down as if the API had been asked.
   *
   * @param form what it sent back
   * @throws HttpResponseException 403 if the form is not one that was made for who sends it
   */
  public <T> T recorded(
      Context context, String form, String action, String subject, Supplier<T> change) {
    Visitor visitor = Visitor.of(context);
    Login.requireForm(Optional.of(visitor).filter(Visitor::hasSession).map(Visitor::form), form);
    String client = access.doorway().client(context);
    Instant now = access.clock().instant();
    long entry =
        access.audit().add(new Entry(now, visitor.name(), client, action, "", "", subject, ""));
    boolean isDone = false;
    try {
      T result = change.get();
      isDone = true;
      return result;
    } finally {
      access.audit().conclude(entry, isDone ? "ok" : "failed");
    }
  }

  /** The time by which tokens end. */
  public Instant now() {
    return access.clock().instant();
  }

  /** Whose tokens they are. */
  public static Person person(Context context) {
    return Visitor.of(context)
        .person()
        .orElseThrow(
            () ->
                new HttpResponseException(
                    403,
                    "Only people have tokens of their own",
                    Map.of("hint", "See `headrace token list` for those of programs")));
  }
}

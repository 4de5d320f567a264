package io.headrace.server.access;

import io.headrace.access.Oidc;
import io.headrace.access.Person;
import io.headrace.connector.Secrets;
import io.headrace.server.access.Provider.Asked;
import io.headrace.server.access.Provider.Known;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.SameSite;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Lets people log in whom another server knows. Safe for many threads. */
public final class OidcLogin {
  private static final String COOKIE = "headrace-oidc";
  private static final String USE = "oidc";
  private static final Duration LONGEST = Duration.ofMinutes(10);
  private static final Duration KNOWN_FOR = Duration.ofHours(1);
  private static final int MOST_WAITING = 10_000;
  private static final int MOST_AT_ONCE = 16;

  /** Where the other server sends people back to. */
  public static final String BACK = "/login/oidc/callback";

  private final Access access;
  private final Login login;
  private final Secrets secrets;
  private final Map<String, Waiting> waiting = new LinkedHashMap<>();
  private final Semaphore places = new Semaphore(MOST_AT_ONCE);
  private @Nullable Found found;

  /**
   * @param secrets gives what access.yaml refers to
   */
  public OidcLogin(Access access, Login login, Secrets secrets) {
    this.access = access;
    this.login = login;
    this.secrets = secrets;
  }

  private record Found(Provider provider, Instant at) {}

  private record Waiting(Asked asked, String then, Instant since) {}

  /** The address of the other server to send a browser to, which comes back to {@link #finish}. */
  public String begin(Context context, String then) {
    Provider provider = ask(known -> known);
    Asked asked = Asked.of(URI.create(access.doorway().address(context) + BACK));
    String cookie = Secret.make();
    synchronized (waiting) {
      Instant now = access.clock().instant();
      waiting.values().removeIf(one -> one.since().plus(LONGEST).isBefore(now));
      if (waiting.size() >= MOST_WAITING) {
        waiting.remove(waiting.keySet().iterator().next());
      }
      waiting.put(Secret.digest(USE, cookie), new Waiting(asked, then, now));
    }
    login.remember(context, COOKIE, cookie, (int) LONGEST.toSeconds(), SameSite.LAX);
    return provider.address(asked).toString();
  }

  /**
   * Begins a session for who came back.
   *
   * @return where to go
   * @throws HttpResponseException 403 if he did not leave from here, or the other server does not
   *     say who he is
   */
  public String finish(Context context) {
    Optional<Waiting> left = take(login.remembered(context, COOKIE));
    String state = Optional.ofNullable(context.queryParam("state")).orElse("");
    Optional<String> code = Optional.ofNullable(context.queryParam("code"));
    if (left.filter(one -> Secret.same(one.asked().state().getValue(), state)).isEmpty()
        || code.isEmpty()) {
      throw login.refused(context);
    }
    Known known =
        ask(provider ->
                provider.known(
                    left.get().asked(), code.get(), secrets.value(provider.settings().secret())))
            .orElseThrow(() -> login.refused(context));
    login.begin(context, new Person(Person.ELSEWHERE + known.name(), known.groups()));
    return left.get().then();
  }

  /** Each way there leads back once. */
  private Optional<Waiting> take(Optional<String> cookie) {
    synchronized (waiting) {
      Instant now = access.clock().instant();
      return cookie
          .map(secret -> waiting.remove(Secret.digest(USE, secret)))
          .filter(one -> one.since().plus(LONGEST).isAfter(now));
    }
  }

  /** Only some ask at the same time: a server that is slow holds up no more of this one. */
  private <T> T ask(Function<Provider, T> question) {
    if (!places.tryAcquire()) {
      throw new HttpResponseException(
          503, "Too many people log in at the same time", Map.of("hint", "Try again soon"));
    }
    try {
      return question.apply(provider());
    } finally {
      places.release();
    }
  }

  private synchronized Provider provider() {
    Oidc settings =
        access
            .file()
            .rules()
            .oidc()
            .orElseThrow(
                () ->
                    new HttpResponseException(
                        404, "Nobody else is asked here who people are", Map.of()));
    Instant now = access.clock().instant();
    Found known = found;
    if (known == null
        || !known.provider().settings().equals(settings)
        || known.at().plus(KNOWN_FOR).isBefore(now)) {
      known = new Found(Provider.find(settings), now);
      found = known;
    }
    return known.provider();
  }
}

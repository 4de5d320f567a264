package io.headrace.connector.http;

import io.headrace.engine.Cancellation;
import io.headrace.error.HeadraceException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Asks an API as often as that is of use: it keeps to the rate of the connection, signs in, follows
 * redirects, waits as long as the API says, and tries again what may pass. Not for several threads.
 */
final class Requests implements AutoCloseable {
  private static final int MOST_ATTEMPTS = 5;
  private static final int MOST_REDIRECTS = 5;
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  private final ConnectionSettings connection;
  private final Failures failures;
  private final RateLimit rate;
  private final Waits waits;
  private final PublicResolver resolver;
  private @Nullable Exchange exchange;
  private @Nullable AccessToken token;

  Requests(
      ConnectionSettings connection,
      Failures.Work work,
      RateLimit rate,
      Waits waits,
      PublicResolver resolver) {
    this.connection = connection;
    this.failures = new Failures(connection.name(), work, connection.secrets()::hide);
    this.rate = rate;
    this.waits = waits;
    this.resolver = resolver;
  }

  Failures failures() {
    return failures;
  }

  /** The time that the requests of one read have. */
  Budget budget(Cancellation cancel) {
    return new Budget(waits, connection.limits().total(), cancel);
  }

  /**
   * Gets what is there.
   *
   * @param body holds it if the status is 200, and nothing of use if it is 204
   * @return an answer with one of these
   * @throws HeadraceException if there is no such answer within the time
   */
  Answer get(URI uri, String accept, Spool body, Budget budget) {
    Answer answer = answer(uri, accept, body, budget);
    if (answer.status() != 200 && answer.status() != 204) {
      throw failures.status(answer.uri(), answer.status(), answer.excerpt());
    }
    return answer;
  }

  /** As {@link #get}, but empty if nothing is there. */
  Optional<Answer> find(URI uri, Spool body, Budget budget) {
    Answer answer = answer(uri, "application/json", body, budget);
    if (answer.status() == 404 || answer.status() == 204) {
      return Optional.empty();
    }
    if (answer.status() != 200) {
      throw failures.status(answer.uri(), answer.status(), answer.excerpt());
    }
    return Optional.of(answer);
  }

  private Answer answer(URI uri, String accept, Spool body, Budget budget) {
    if (!Origin.of(uri).equals(Origin.of(connection.url()))) {
      throw failures.of(
          uri,
          "it is elsewhere than `url` of the connection",
          "Credentials and requests go to %s only".formatted(Origin.of(connection.url()).shown()));
    }
    return signedIn(uri, () -> followed(uri, accept, body, budget), Requests::isTransient, budget)
        .answer();
  }

  /**
   * Sends something to a path of the API. Redirects are not followed: what was sent may have been
   * meant for one place only.
   *
   * @param more headers
   * @return the first answer that another attempt would not change
   * @throws HeadraceException if there is none within the time. The API may have taken what was
   *     sent
   */
  Reply send(URI uri, Outgoing content, Map<String, String> more, Spool body, Budget budget) {
    Attempt attempt =
        () -> {
          Map<String, String> headers = headers(uri, "application/json, */*;q=0.1", body, budget);
          headers.putAll(more);
          return exchange().send(uri, headers, Optional.of(content), body, budget.cancel());
        };
    // Of a request that is on its way already, 409 says that it is still at work.
    return signedIn(uri, attempt, status -> isTransient(status) || status == 409, budget);
  }

  /**
   * What came of a request.
   *
   * @param isInDoubt whether the API may have done something at an attempt before
   */
  record Reply(Answer answer, boolean isInDoubt) {}

  @FunctionalInterface
  private interface Attempt {
    Answer run() throws TransientException;
  }

  private Reply signedIn(URI uri, Attempt attempt, IntPredicate isTransient, Budget budget) {
    Reply reply = retrying(uri, attempt, isTransient, budget);
    if (reply.answer().status() != 401
        || !(connection.credentials() instanceof Credentials.Client)) {
      return reply;
    }
    // It may have expired meanwhile. A new one that does not help either is an error.
    token = null;
    Reply second = retrying(uri, attempt, isTransient, budget);
    return new Reply(second.answer(), reply.isInDoubt() || second.isInDoubt());
  }

  /** The first answer that another attempt would not change. */
  private Reply retrying(URI uri, Attempt attempt, IntPredicate isTransient, Budget budget) {
    String last = "";
    boolean isInDoubt = false;
    for (int failed = 0; ; ) {
      pause(uri, rate.reserve(waits.clock().instant()), budget, last);
      Optional<Duration> asked = Optional.empty();
      HeadraceException failure;
      try {
        Answer answer = attempt.run();
        if (!isTransient.test(answer.status())) {
          return new Reply(answer, isInDoubt);
        }
        failure = failures.status(answer.uri(), answer.status(), answer.excerpt());
        last = "it answered with " + answer.status();
        asked = answer.retryAfter().flatMap(this::pauseOf);
        isInDoubt |= answer.status() != 429;
      } catch (TransientException e) {
        failure =
            failures.of(uri, e.reason(), "Is the API running, and is `url` right? Then run again");
        last = e.reason();
        isInDoubt = true;
      }
      // An API that says when to come back is asked until the time is over.
      failed += asked.isPresent() ? 0 : 1;
      if (failed == MOST_ATTEMPTS) {
        throw failure;
      }
      Duration own = pauseAfter(Math.max(1, failed));
      pause(uri, asked.filter(time -> time.compareTo(own) > 0).orElse(own), budget, last);
    }
  }

  private static boolean isTransient(int status) {
    return status == 408
        || status == 425
        || status == 429
        || status == 500
        || status == 502
        || status == 503
        || status == 504;
  }

  /** What {@code Retry-After} says: seconds, or a moment. */
  private Optional<Duration> pauseOf(String text) {
    if (text.strip().matches("\\d{1,9}")) {
      return Optional.of(Duration.ofSeconds(Long.parseLong(text.strip())));
    }
    try {
      Instant then = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text.strip()));
      Duration pause = Duration.between(waits.clock().instant(), then);
      return Optional.of(pause.isNegative() ? Duration.ZERO : pause);
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /** Doubles with each attempt; half of it is chance, so that many do not come back at once. */
  private Duration pauseAfter(int failed) {
    long full = Math.min(LONGEST_PAUSE.toMillis(), FIRST_PAUSE.toMillis() << (failed - 1));
    return Duration.ofMillis(full / 2 + waits.random().nextLong(full / 2 + 1));
  }

  private void pause(URI uri, Duration pause, Budget budget, String last) {
    if (!budget.allows(pause)) {
      throw failures.outOfTime(uri, connection.limits().total(), last);
    }
    if (!pause.isZero()) {
      waits.pause().waitFor(pause, budget.cancel());
    }
  }

  private Answer followed(URI first, String accept, Spool body, Budget budget)
      throws TransientException {
    URI uri = first;
    for (int redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
      Answer answer =
          exchange()
              .send(
                  uri, headers(uri, accept, body, budget), Optional.empty(), body, budget.cancel());
      if (!answer.isRedirect()) {
        return answer;
      }
      uri = target(uri, answer);
    }
    throw failures.of(
        first,
        "it redirects more than %d times".formatted(MOST_REDIRECTS),
        "Does it redirect in a circle? Is `path` of the source right?");
  }

  private URI target(URI from, Answer answer) {
    String location = answer.location().orElse("");
    try {
      URI target = location.isEmpty() ? from : from.resolve(new URI(location));
      String scheme = String.valueOf(target.getScheme()).toLowerCase(Locale.ROOT);
      boolean isWeb = scheme.equals("https") || scheme.equals("http");
      if (!location.isEmpty() && isWeb && target.getHost() != null) {
        if (Origin.of(from).isEncrypted() && !Origin.of(target).isEncrypted()) {
          throw failures.of(
              from,
              "it redirects to %s, which is not encrypted".formatted(failures.shown(target)),
              "Is `url` of the connection right?");
        }
        return target;
      }
    } catch (URISyntaxException e) {
      // Reported below.
    }
    throw failures.of(
        from,
        "it redirects to where nothing can be asked (%d)".formatted(answer.status()),
        "Is `path` of the source right?");
  }

  /** Those of the connection go to its own origin only. */
  private Map<String, String> headers(URI uri, String accept, Spool body, Budget budget)
      throws TransientException {
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    headers.put("Accept", accept);
    if (Origin.of(uri).equals(Origin.of(connection.url()))) {
      headers.putAll(connection.headers());
      if (connection.credentials() instanceof Credentials.Fixed fixed) {
        headers.put("Authorization", fixed.authorization());
      } else if (connection.credentials() instanceof Credentials.Client client) {
        headers.put("Authorization", "Bearer " + token(client, body, budget));
      }
    }
    return headers;
  }

  private String token(Credentials.Client client, Spool body, Budget budget)
      throws TransientException {
    AccessToken known = token;
    if (known == null || known.isOver(waits.clock().instant())) {
      known =
          AccessToken.request(
              client, connection.secrets(), exchange(), failures, waits.clock(), body, budget);
      token = known;
    }
    return known.value();
  }

  private Exchange exchange() {
    Exchange open = exchange;
    if (open == null) {
      open = new Exchange(resolver, connection.limits(), failures);
      exchange = open;
    }
    return open;
  }

  @Override
  public void close() {
    if (exchange != null) {
      exchange.close();
    }
  }
}

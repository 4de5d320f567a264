package io.headrace.server.access;

import io.headrace.access.AuditLog.Entry;
import io.headrace.access.Person;
import io.headrace.access.Users.User;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.SameSite;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Lets people log in with names and passwords, and out again. Attempts are counted by name and by
 * address before anything is compared, so that many at once are no way around; those that succeed
 * are given back. After some failures nobody gets in for a while. Safe for many threads.
 */
public final class Login {
  private static final Duration TIME = Duration.ofMinutes(15);
  private static final int MOST_OF_NAME = 10;
  private static final int MOST_OF_ADDRESS = 50;
  private static final String COOKIE = "headrace-login";
  private static final int FORM_SECONDS = 3_600;
  private static final int LONGEST_NAME = 64;
  private static final int LONGEST_THEN = 2_000;

  private final Access access;
  private final Arrivals arrivals;
  private final Limiter ofName;
  private final Limiter ofAddress;

  public Login(Access access) {
    this.access = access;
    this.arrivals = new Arrivals(access);
    this.ofName = new Limiter(MOST_OF_NAME, TIME, access.clock());
    this.ofAddress = new Limiter(MOST_OF_ADDRESS, TIME, access.clock());
  }

  /** Where people may log in that another server knows; empty if there is none. */
  public boolean hasProvider() {
    return access.file().rules().oidc().isPresent();
  }

  /** Begins a session for somebody whom another server knows. */
  void begin(Context context, Person person) {
    long entry = log(context, person.name(), "login", "");
    arrivals.begin(context, person);
    access.audit().conclude(entry, "ok");
  }

  /** Why somebody does not get in of whom another server does not say who he is. */
  HttpResponseException refused(Context context) {
    boolean unused = ofAddress.take(access.doorway().network(context));
    log(context, "", "login", "refused 403");
    return new HttpResponseException(
        403, "Your organization does not say who you are", Map.of("hint", "Log in again"));
  }

  /** Has the browser keep something for a while. */
  void remember(Context context, String name, String value, int seconds, SameSite site) {
    context.cookie(arrivals.cookie(arrivals.name(name), value, seconds, site));
  }

  Optional<String> remembered(Context context, String name) {
    return Optional.ofNullable(context.cookie(arrivals.name(name)));
  }

  /** What the form has to send back. */
  public String form(Context context) {
    String cookie = Secret.make();
    context.cookie(arrivals.cookie(arrivals.name(COOKIE), cookie, FORM_SECONDS, SameSite.STRICT));
    return Arrivals.form(cookie);
  }

  /**
   * Begins a session, if the password is right.
   *
   * @param form what the form sent back
   * @return whether it is
   * @throws HttpResponseException 403 if the form is not ours, 429 after too many failures, or
   *     while as many attempts go on
   */
  public boolean login(Context context, String name, String password, String form) {
    requireForm(
        Optional.ofNullable(context.cookie(arrivals.name(COOKIE))).map(Arrivals::form), form);
    String address = access.doorway().network(context);
    // Nobody has a longer name, and no more than that is remembered of whoever tries.
    boolean isName = name.length() <= LONGEST_NAME;
    if (!ofAddress.take(address) || (isName && !ofName.take(name))) {
      log(context, "", "login", "refused 429");
      throw new HttpResponseException(
          429, "Too many attempts to log in", Map.of("hint", "Wait a quarter of an hour"));
    }
    Optional<User> user = isName ? access.accounts().users().find(name) : Optional.empty();
    if (!isName || !access.passwords().verify(password, user.map(User::hash))) {
      // The name is left out unless somebody has it: people type passwords there by mistake.
      log(context, user.map(User::name).orElse(""), "login", "refused 401");
      return false;
    }
    if (!begin(context, user.orElseThrow())) {
      return false;
    }
    ofName.giveBack(name);
    ofAddress.giveBack(address);
    access
        .passwords()
        .rehash(password, user.get().hash())
        .ifPresent(hash -> access.accounts().users().rehash(name, user.get().hash(), hash));
    return true;
  }

  private boolean begin(Context context, User user) {
    long entry = log(context, user.name(), "login", "");
    boolean isIn = arrivals.begin(context, user);
    access.audit().conclude(entry, isIn ? "ok" : "refused 401");
    return isIn;
  }

  /**
   * Ends the session.
   *
   * @throws HttpResponseException 403 if the form is not ours
   */
  public void logout(Context context, Visitor visitor, String form) {
    if (visitor.hasSession()) {
      requireForm(Optional.of(visitor.form()), form);
      long entry = log(context, visitor.name(), "logout", "");
      arrivals.end(context);
      access.audit().conclude(entry, "ok");
    }
  }

  /** Returns if a form sent back what it had to. */
  static void requireForm(Optional<String> wanted, String form) {
    if (wanted.filter(known -> Secret.same(known, form)).isEmpty()) {
      throw new HttpResponseException(
          403, "That form is not of this page", Map.of("hint", "Load the page again"));
    }
  }

  /** Writes something down, before it is done; returns the number of the entry. */
  private long log(Context context, String who, String action, String outcome) {
    return access
        .audit()
        .add(
            new Entry(
                access.clock().instant(),
                who,
                access.doorway().client(context),
                action,
                "",
                "",
                "",
                outcome));
  }

  /** Where to go after a login: a path of this server, or its first page. */
  public static String then(Optional<String> wanted) {
    return wanted.filter(Login::isOwnPath).orElse("/");
  }

  /** Browsers take backslashes for slashes, and leave out tabs and line feeds. */
  private static boolean isOwnPath(String text) {
    if (!text.matches("/[\\x21-\\x5b\\x5d-\\x7e]{0,%d}".formatted(LONGEST_THEN))
        || text.startsWith("//")) {
      return false;
    }
    try {
      URI uri = URI.create(text);
      return uri.getScheme() == null && uri.getRawAuthority() == null;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}

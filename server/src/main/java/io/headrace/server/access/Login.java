package io.headrace.server.access;

import io.headrace.access.AuditLog.Entry;
import io.headrace.access.Users.User;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.SameSite;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Lets people log in with names and passwords, and out again. Failures are counted by name and by
 * address, and after some of them nobody gets in for a while. Safe for many threads.
 */
public final class Login {
  private static final Duration TIME = Duration.ofMinutes(15);
  private static final int MOST_OF_NAME = 10;
  private static final int MOST_OF_ADDRESS = 50;
  private static final String COOKIE = "headrace-login";
  private static final int FORM_SECONDS = 3_600;
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
  void begin(Context context, String who, List<String> groups) {
    arrivals.begin(context, who, groups);
    log(context, who, "login", "ok");
  }

  /** Why somebody does not get in of whom another server does not say who he is. */
  HttpResponseException refused(Context context) {
    ofAddress.count(access.doorway().client(context));
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
   * @throws HttpResponseException 403 if the form is not ours, 429 after too many failures
   */
  public boolean login(Context context, String name, String password, String form) {
    requireForm(
        Optional.ofNullable(context.cookie(arrivals.name(COOKIE))).map(Arrivals::form), form);
    String address = access.doorway().client(context);
    if (!ofName.has(name) || !ofAddress.has(address)) {
      log(context, "", "login", "refused 429");
      throw new HttpResponseException(
          429, "Too many attempts to log in", Map.of("hint", "Wait a quarter of an hour"));
    }
    Optional<User> user = access.accounts().users().find(name);
    if (!access.passwords().verify(password, user.map(User::hash))) {
      ofName.count(name);
      ofAddress.count(address);
      // The name is left out unless somebody has it: people type passwords there by mistake.
      log(context, user.map(User::name).orElse(""), "login", "refused 401");
      return false;
    }
    access
        .passwords()
        .rehash(password, user.orElseThrow().hash())
        .ifPresent(hash -> access.accounts().users().rehash(name, user.get().hash(), hash));
    arrivals.begin(context, name, List.of());
    log(context, name, "login", "ok");
    return true;
  }

  /**
   * Ends the session.
   *
   * @throws HttpResponseException 403 if the form is not ours
   */
  public void logout(Context context, Visitor visitor, String form) {
    if (visitor.hasSession()) {
      requireForm(Optional.of(visitor.form()), form);
      arrivals.end(context);
      log(context, visitor.name(), "logout", "ok");
    }
  }

  private static void requireForm(Optional<String> wanted, String form) {
    if (wanted.filter(known -> Secret.same(known, form)).isEmpty()) {
      throw new HttpResponseException(
          403, "That form is not of this page", Map.of("hint", "Load the page again"));
    }
  }

  private void log(Context context, String who, String action, String outcome) {
    access
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

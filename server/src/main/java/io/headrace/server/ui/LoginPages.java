package io.headrace.server.ui;

import io.headrace.server.access.Login;
import io.headrace.server.access.OidcLogin;
import io.headrace.server.access.Visitor;
import io.headrace.server.route.Route;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.util.List;
import java.util.Optional;

/** Where people log in, and out. */
public final class LoginPages {
  static final String PATH = "/login";

  private final Login login;
  private final OidcLogin others;

  private LoginPages(Login login, OidcLogin others) {
    this.login = login;
    this.others = others;
  }

  /**
   * What the page shows.
   *
   * @param then where to go afterwards
   * @param form what has to be sent back
   * @param message what was wrong, or empty
   */
  public record Form(String then, String form, String name, String message, boolean hasProvider) {}

  /** Where to go on. */
  public record Welcome(String then) {}

  /** All routes of logging in. */
  public static List<Route> routes(Login login, OidcLogin others) {
    LoginPages pages = new LoginPages(login, others);
    return List.of(
        Pages.route(PATH, "Where people log in", pages::show).query("then").open(),
        Pages.form(PATH, "Logs somebody in", pages::login).open(),
        Pages.route(PATH + "/oidc", "Sends people where they are known", pages::leave)
            .query("then")
            .open(),
        Pages.route(OidcLogin.BACK, "Lets people in who come back", pages::comeBack)
            .query("code", "state")
            .open(),
        Pages.form("/logout", "Logs somebody out", pages::logout).open());
  }

  /** A path as a part of an address. */
  public static String encode(String path) {
    return Links.encode(path);
  }

  private void show(Context context) {
    String then = then(context);
    if (Visitor.find(context).filter(Visitor::hasSession).isPresent()) {
      context.redirect(then);
    } else {
      show(context, then, "", "");
    }
  }

  private static String then(Context context) {
    return Login.then(
        Optional.ofNullable(context.queryParam("then"))
            .or(() -> Optional.ofNullable(context.formParam("then"))));
  }

  private void show(Context context, String then, String name, String message) {
    Pages.render(
        context,
        "login",
        Pages.frame(context, "Log in"),
        new Form(then, login.form(context), name, message, login.hasProvider()));
  }

  private void login(Context context) {
    String name = field(context, "name");
    boolean isIn = login.login(context, name, field(context, "password"), field(context, "form"));
    if (isIn) {
      context.redirect(then(context), HttpStatus.SEE_OTHER);
    } else {
      context.status(HttpStatus.UNAUTHORIZED);
      show(context, then(context), name, "The name or the password is wrong");
    }
  }

  private void leave(Context context) {
    context.redirect(others.begin(context, then(context)), HttpStatus.SEE_OTHER);
  }

  /**
   * The browser sends the new cookie only where a page of this server leads it, and not where
   * another server just sent it: so there is such a page.
   */
  private void comeBack(Context context) {
    String then = others.finish(context);
    context.header("Refresh", "0; url=" + then);
    Pages.render(context, "welcome", Pages.frame(context, "Logged in"), new Welcome(then));
  }

  private void logout(Context context) {
    login.logout(context, Visitor.of(context), field(context, "form"));
    context.redirect(PATH, HttpStatus.SEE_OTHER);
  }

  private static String field(Context context, String name) {
    return Optional.ofNullable(context.formParam(name)).orElse("");
  }
}

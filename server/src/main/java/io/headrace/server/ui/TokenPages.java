package io.headrace.server.ui;

import io.headrace.access.Role;
import io.headrace.access.Tokens.Token;
import io.headrace.error.UsageException;
import io.headrace.server.access.OwnTokens;
import io.headrace.server.access.Visitor;
import io.headrace.server.route.Need;
import io.headrace.server.route.Route;
import io.headrace.yaml.Durations;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/** Where somebody makes tokens for his programs, and revokes them. */
public final class TokenPages {
  static final String PATH = "/tokens";

  /** How long a token can be good. */
  private static final List<String> SPANS = List.of("1d", "7d", "30d", "90d");

  private final OwnTokens tokens;
  private final ZoneId zone;

  private TokenPages(OwnTokens tokens, ZoneId zone) {
    this.tokens = tokens;
    this.zone = zone;
  }

  /**
   * What the page shows.
   *
   * @param form what has to be sent back; empty if who asks may only look
   * @param roles that a token may get
   * @param made what was made just now, and is shown this once
   */
  public record All(
      String owner,
      String form,
      List<Line> tokens,
      List<String> roles,
      List<String> spans,
      Optional<Made> made) {
    /** What makes one on the command line. */
    public String creating() {
      return "headrace token create NAME --owner %s --role viewer --expires 30d --access DIR"
          .formatted(owner);
    }
  }

  /**
   * A token.
   *
   * @param command what revokes it on the command line
   */
  public record Line(
      String name,
      String role,
      When created,
      Optional<When> expires,
      boolean isOver,
      Optional<When> used,
      String command) {}

  /** A token that was made just now. */
  public record Made(String name, String secret) {}

  /**
   * All routes of the page.
   *
   * @param zone in which times are shown
   */
  public static List<Route> routes(OwnTokens tokens, ZoneId zone) {
    TokenPages pages = new TokenPages(tokens, zone);
    return List.of(
        Pages.route(
                PATH, "The tokens of who looks", context -> pages.show(context, Optional.empty()))
            .needs(new Need.Known()),
        Pages.form(PATH, "Makes a token", pages::make).needs(new Need.Known()),
        Pages.form(PATH + "/revoke", "Revokes a token", pages::revoke).needs(new Need.Known()));
  }

  private void show(Context context, Optional<Made> made) {
    Instant now = tokens.now();
    Pages.render(
        context,
        "tokens",
        Pages.frame(context, "Your tokens"),
        new All(
            OwnTokens.person(context).name(),
            Visitor.of(context).form(),
            tokens.list(context).stream().map(token -> line(token, now)).toList(),
            OwnTokens.roles(context).stream().map(Role::toString).toList(),
            SPANS,
            made));
  }

  private Line line(Token token, Instant now) {
    return new Line(
        OwnTokens.name(token),
        token.owner().map(owner -> owner.role().toString()).orElse(""),
        When.of(token.createdAt(), now, zone),
        token.expiresAt().map(end -> When.of(end, now, zone)),
        !token.isGood(now),
        token.usedAt().map(used -> When.of(used, now, zone)),
        "headrace token revoke %s --access DIR".formatted(token.name()));
  }

  private void make(Context context) {
    String name = field(context, "name");
    Made made =
        tokens.recorded(
            context,
            field(context, "form"),
            "token create",
            name,
            () ->
                new Made(
                    name,
                    tokens
                        .make(
                            context,
                            name,
                            Role.of(field(context, "role")),
                            Durations.parse(field(context, "expires"))
                                .orElseThrow(
                                    () ->
                                        new UsageException(
                                            "No time until it ends", "Choose how long it is good")))
                        .secret()));
    context.status(HttpStatus.CREATED);
    show(context, Optional.of(made));
  }

  private void revoke(Context context) {
    String name = field(context, "name");
    boolean unused =
        tokens.recorded(
            context,
            field(context, "form"),
            "token revoke",
            name,
            () -> {
              tokens.revoke(context, name);
              return true;
            });
    context.redirect(PATH, HttpStatus.SEE_OTHER);
  }

  private static String field(Context context, String name) {
    return Optional.ofNullable(context.formParam(name)).orElse("");
  }
}

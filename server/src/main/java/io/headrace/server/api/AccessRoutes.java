package io.headrace.server.api;

import io.headrace.access.AuditLog.Entry;
import io.headrace.access.Role;
import io.headrace.access.Tokens.Token;
import io.headrace.error.UsageException;
import io.headrace.server.access.Access;
import io.headrace.server.access.OwnTokens;
import io.headrace.server.access.Visitor;
import io.headrace.server.json.Json;
import io.headrace.server.json.JsonReader;
import io.headrace.server.json.ServerJson;
import io.headrace.server.route.Need;
import io.headrace.server.route.Route;
import io.headrace.yaml.Durations;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Who asks, what he lets programs ask for, and who asked for what. */
public final class AccessRoutes {
  private static final String TOKENS = Api.ROOT + "/me/tokens";
  private static final List<String> KEYS = List.of("name", "role", "expires");

  private final Supplier<Access> access;

  private AccessRoutes(Supplier<Access> access) {
    this.access = access;
  }

  /** All routes about access. */
  public static List<Route> routes(Supplier<Access> access) {
    AccessRoutes routes = new AccessRoutes(access);
    return List.of(
        Route.get(Api.ROOT + "/me", "Who you are", AccessRoutes::me).needs(new Need.Known()),
        Route.get(TOKENS, "Your tokens", routes::tokens).needs(new Need.Known()),
        Route.post(TOKENS, "Makes a token of yours, and says it this once", routes::make)
            .keys(KEYS)
            .needs(new Need.Known()),
        Route.delete(TOKENS + "/{token}", "Revokes a token of yours", routes::revoke)
            .needs(new Need.Known()),
        Route.get(Api.ROOT + "/audit", "The audit log, newest first", routes::audit)
            .query("limit")
            .needs(new Need.OnServer(Role.ADMIN)));
  }

  private static void me(Context context) {
    Api.answer(context, Json.object("name", Visitor.of(context).name()));
  }

  private void tokens(Context context) {
    Api.answer(
        context, new OwnTokens(access.get()).list(context).stream().map(AccessRoutes::of).toList());
  }

  private void make(Context context) {
    JsonReader wanted = JsonReader.read(context.body(), KEYS);
    OwnTokens.Made made =
        new OwnTokens(access.get())
            .make(
                context,
                wanted.text("name").orElse(""),
                Role.of(wanted.text("role").orElse("viewer")),
                good(wanted.text("expires")));
    Map<String, @Nullable Object> object = of(made.token());
    object.put("secret", made.secret());
    context.status(HttpStatus.CREATED);
    Api.answer(context, object);
  }

  private static Duration good(Optional<String> text) {
    return text.map(
            span ->
                Durations.parse(span)
                    .orElseThrow(
                        () ->
                            new UsageException(
                                "Cannot read '%s' as a duration".formatted(span),
                                "Write it like 12h or 30d")))
        .orElse(OwnTokens.LONGEST);
  }

  private void revoke(Context context) {
    String name = context.pathParam("token");
    new OwnTokens(access.get()).revoke(context, name);
    Api.answer(context, Json.object("revoked", name));
  }

  private static Map<String, @Nullable Object> of(Token token) {
    return Json.object(
        "name", OwnTokens.name(token),
        "role", token.owner().map(owner -> owner.role().toString()),
        "created", token.createdAt(),
        "expires", token.expiresAt(),
        "used", token.usedAt());
  }

  private void audit(Context context) {
    List<Entry> entries = access.get().accounts().audit().list(Api.limit(context, 100));
    Api.answer(context, entries.stream().map(ServerJson::of).toList());
  }
}

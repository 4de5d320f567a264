package io.headrace.server.api;

import io.headrace.access.AuditLog.Entry;
import io.headrace.access.Role;
import io.headrace.server.access.Access;
import io.headrace.server.access.Visitor;
import io.headrace.server.json.Json;
import io.headrace.server.json.ServerJson;
import io.headrace.server.route.Need;
import io.headrace.server.route.Route;
import io.javalin.http.Context;
import java.util.List;
import java.util.function.Supplier;

/** Who asks, and who asked for what. */
public final class AccessRoutes {
  private final Supplier<Access> access;

  private AccessRoutes(Supplier<Access> access) {
    this.access = access;
  }

  /** All routes about access. */
  public static List<Route> routes(Supplier<Access> access) {
    AccessRoutes routes = new AccessRoutes(access);
    return List.of(
        Route.get(Api.ROOT + "/me", "Who you are", AccessRoutes::me).needs(new Need.Known()),
        Route.get(Api.ROOT + "/audit", "The audit log, newest first", routes::audit)
            .query("limit")
            .needs(new Need.OnServer(Role.ADMIN)));
  }

  private static void me(Context context) {
    Api.answer(context, Json.object("name", Visitor.of(context).name()));
  }

  private void audit(Context context) {
    List<Entry> entries = access.get().accounts().audit().list(Api.limit(context, 100));
    Api.answer(context, entries.stream().map(ServerJson::of).toList());
  }
}

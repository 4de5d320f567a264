package io.headrace.server.iceberg;

import io.headrace.catalog.Environments;
import io.headrace.catalog.Snapshot;
import io.headrace.catalog.Version;
import io.headrace.error.UsageException;
import io.headrace.query.Snapshots;
import io.headrace.server.access.Sight;
import io.headrace.server.access.Visitor;
import io.headrace.server.json.Json;
import io.headrace.server.route.Need;
import io.headrace.server.route.Projects;
import io.headrace.server.route.Route;
import io.headrace.server.route.Where;
import io.headrace.server.runs.ServedProject;
import io.headrace.table.TableName;
import io.headrace.workspace.Workspace;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Iceberg's REST catalog protocol, as far as it reads: {@code /iceberg/PROJECT/ENVIRONMENT} is a
 * catalog, and {@code ENVIRONMENT@41} or {@code ENVIRONMENT@2026-01-31} is one that never changes.
 * If one project is served, its name may be left out. Tables without a schema are in the namespace
 * {@code default}.
 *
 * @see <a
 *     href="https://github.com/apache/iceberg/blob/main/open-api/rest-catalog-open-api.yaml">the
 *     protocol</a>
 */
public final class IcebergCatalog {
  private static final String DEFAULT = "default";
  private static final String NAMESPACE = "/namespaces/{namespace}";
  private static final String TABLE = NAMESPACE + "/tables/{table}";

  private final Projects projects;

  private IcebergCatalog(Projects projects) {
    this.projects = projects;
  }

  /** All routes of the catalogs. */
  public static List<Route> routes(Projects projects) {
    IcebergCatalog catalog = new IcebergCatalog(projects);
    List<Route> routes = new ArrayList<>(catalog.routes("/iceberg/{project}/{environment}/v1"));
    if (projects.all().size() == 1) {
      routes.addAll(catalog.routes("/iceberg/{environment}/v1"));
    }
    return routes;
  }

  private List<Route> routes(String root) {
    return List.of(
        route(HandlerType.GET, root + "/config", "How to use the catalog", this::config),
        route(HandlerType.GET, root + "/namespaces", "The namespaces", this::namespaces),
        route(HandlerType.GET, root + NAMESPACE, "A namespace", this::namespace),
        route(HandlerType.HEAD, root + NAMESPACE, "Whether it is there", this::namespace),
        route(HandlerType.GET, root + NAMESPACE + "/tables", "Its tables", this::tables),
        route(HandlerType.GET, root + NAMESPACE + "/views", "It has no views", this::views),
        route(HandlerType.GET, root + TABLE, "A table's metadata", this::table),
        route(HandlerType.HEAD, root + TABLE, "Whether it is there", this::table),
        route(
            HandlerType.POST,
            root + TABLE + "/metrics",
            "What a reader measured, which is forgotten",
            context -> context.status(HttpStatus.NO_CONTENT)));
  }

  private static Route route(HandlerType method, String path, String summary, Handler handler) {
    return Route.of(
            method,
            path,
            summary,
            context -> {
              try {
                handler.handle(context);
              } catch (UsageException e) {
                refuse(context, HttpStatus.NOT_FOUND, "NoSuchNamespaceException", e.getMessage());
              }
            })
        .needs(Need.see(Where.path("environment")))
        .style(Route.Style.ICEBERG);
  }

  private static void answer(Context context, Object value) {
    context.contentType("application/json").result(Json.write(value));
  }

  private static void refuse(
      Context context, HttpStatus status, String type, @Nullable String message) {
    context.status(status);
    answer(
        context,
        Json.object(
            "error", Json.object("message", message, "type", type, "code", status.getCode())));
  }

  /** Says in the words of the protocol why a request is refused. */
  public static void refuse(Context context, int status, String message) {
    String type =
        switch (status) {
          case 401 -> "NotAuthorizedException";
          case 403 -> "ForbiddenException";
          case 404 -> "NoSuchNamespaceException";
          default -> status < 500 ? "BadRequestException" : "InternalServerError";
        };
    refuse(context, HttpStatus.forStatus(status), type, message);
  }

  private void config(Context context) {
    Snapshot unused = snapshot(context);
    answer(context, Json.object("defaults", Json.object(), "overrides", Json.object()));
  }

  private void namespaces(Context context) {
    boolean isTop = context.queryParam("parent") == null;
    List<Object> names = new ArrayList<>();
    if (isTop) {
      schemas(snapshot(context)).forEach(name -> names.add(List.of(name)));
    }
    answer(context, Json.object("namespaces", names));
  }

  private static SortedSet<String> schemas(Snapshot snapshot) {
    SortedSet<String> schemas = new TreeSet<>();
    snapshot.versions().keySet().forEach(table -> schemas.add(schema(table)));
    return schemas;
  }

  private static String schema(TableName table) {
    String name = table.toString();
    int dot = name.lastIndexOf('.');
    return dot < 0 ? DEFAULT : name.substring(0, dot);
  }

  private static String name(TableName table) {
    String name = table.toString();
    return name.substring(name.lastIndexOf('.') + 1);
  }

  private void namespace(Context context) {
    String name = context.pathParam("namespace");
    if (requireNamespace(context, snapshot(context), name)) {
      answer(context, Json.object("namespace", List.of(name), "properties", Json.object()));
    }
  }

  private static boolean requireNamespace(Context context, Snapshot snapshot, String name) {
    if (schemas(snapshot).contains(name)) {
      return true;
    }
    refuse(
        context,
        HttpStatus.NOT_FOUND,
        "NoSuchNamespaceException",
        "There is no namespace '%s'".formatted(name));
    return false;
  }

  private void tables(Context context) {
    String namespace = context.pathParam("namespace");
    Snapshot snapshot = snapshot(context);
    if (!requireNamespace(context, snapshot, namespace)) {
      return;
    }
    List<Object> identifiers = new ArrayList<>();
    for (TableName table : snapshot.versions().keySet()) {
      if (schema(table).equals(namespace)) {
        identifiers.add(Json.object("namespace", List.of(namespace), "name", name(table)));
      }
    }
    answer(context, Json.object("identifiers", identifiers));
  }

  private void views(Context context) {
    answer(context, Json.object("identifiers", List.of()));
  }

  /** The file is immutable, so it may be handed out as it is. */
  private void table(Context context) throws IOException {
    Sight sight = Visitor.of(context).sight(project(context));
    String namespace = context.pathParam("namespace");
    String name = context.pathParam("table");
    Workspace workspace = project(context).workspace();
    Snapshot snapshot = snapshot(context);
    Optional<TableName> table =
        snapshot.versions().keySet().stream()
            .filter(one -> schema(one).equals(namespace) && name(one).equals(name))
            .findFirst();
    if (table.filter(t -> !sight.veil(snapshot.environment(), t).isEmpty()).isPresent()) {
      refuse(context, 403, "Only a part of '%s' is for you: query it instead".formatted(name));
      return;
    }
    Optional<Version> version =
        table.flatMap(snapshot::version).flatMap(workspace.catalog().versions()::find);
    if (version.isEmpty()) {
      refuse(
          context,
          HttpStatus.NOT_FOUND,
          "NoSuchTableException",
          "There is no table '%s' in namespace '%s'".formatted(name, namespace));
      return;
    }
    String location = version.get().metadataLocation();
    String metadata = Files.readString(Path.of(location), StandardCharsets.UTF_8);
    context
        .contentType("application/json")
        .result(
            "{\"metadata-location\":%s,\"metadata\":%s,\"config\":{}}"
                .formatted(Json.write(location), metadata));
  }

  private ServedProject project(Context context) {
    return context.pathParamMap().containsKey("project")
        ? projects.of(context)
        : projects.all().iterator().next();
  }

  private Snapshot snapshot(Context context) {
    Environments environments = Visitor.of(context).sight(project(context)).environments();
    Snapshots snapshots = new Snapshots(environments, ZoneOffset.UTC);
    String named = context.pathParam("environment");
    int at = named.indexOf('@');
    return at < 0
        ? snapshots.head(named)
        : snapshots.at(named.substring(0, at), named.substring(at + 1));
  }
}

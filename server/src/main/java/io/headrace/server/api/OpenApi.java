package io.headrace.server.api;

import io.headrace.server.json.Json;
import io.headrace.server.route.Route;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Describes routes as an OpenAPI 3.1 document, for programs that make clients of it. */
final class OpenApi {
  private static final Map<String, String> SENDS_LISTS =
      Map.of(
          "arguments",
          "array",
          "select",
          "array",
          "refresh",
          "array",
          "forward",
          "array",
          "parameters",
          "object");

  private OpenApi() {}

  static Map<String, @Nullable Object> of(List<Route> routes) {
    Map<String, Map<String, @Nullable Object>> paths = new LinkedHashMap<>();
    for (Route route : routes) {
      paths
          .computeIfAbsent(route.path(), path -> new LinkedHashMap<>())
          .put(route.method().name().toLowerCase(Locale.ROOT), operation(route));
    }
    return Json.object(
        "openapi",
        "3.1.0",
        "info",
        Json.object("title", "Headrace", "version", "1"),
        "paths",
        paths,
        "components",
        Json.object("schemas", Json.object("Error", error())));
  }

  private static Map<String, @Nullable Object> operation(Route route) {
    List<Object> parameters = new ArrayList<>();
    route.variables().forEach(name -> parameters.add(parameter(name, "path", true)));
    route.query().forEach(name -> parameters.add(parameter(name, "query", false)));
    Map<String, @Nullable Object> operation =
        Json.object("summary", route.summary(), "parameters", parameters);
    if (!route.keys().isEmpty()) {
      Map<String, @Nullable Object> properties = Json.object();
      route
          .keys()
          .forEach(
              key ->
                  properties.put(
                      key, Json.object("type", SENDS_LISTS.getOrDefault(key, "string"))));
      operation.put(
          "requestBody",
          content(
              Json.object(
                  "type", "object", "properties", properties, "additionalProperties", false)));
    }
    Map<String, @Nullable Object> good = Json.object("description", "Done, or begun");
    Map<String, @Nullable Object> refused =
        content(Json.object("$ref", "#/components/schemas/Error"));
    refused.put("description", "Refused: the answer says why, and what to do");
    operation.put("responses", Json.object("2XX", good, "4XX", refused));
    return operation;
  }

  private static Map<String, @Nullable Object> parameter(
      String name, String place, boolean required) {
    return Json.object(
        "name", name, "in", place, "required", required, "schema", Json.object("type", "string"));
  }

  private static Map<String, @Nullable Object> content(Map<String, @Nullable Object> schema) {
    return Json.object("content", Json.object("application/json", Json.object("schema", schema)));
  }

  private static Map<String, @Nullable Object> error() {
    Map<String, @Nullable Object> text = Json.object("type", "string");
    return Json.object("type", "object", "properties", Json.object("error", text, "hint", text));
  }
}

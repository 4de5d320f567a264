package io.headrace.server.route;

import static java.util.Objects.requireNonNull;

import io.javalin.http.Handler;
import io.javalin.http.HandlerType;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Something that can be asked for.
 *
 * @param path with names of its variable parts in braces
 * @param summary what it does, in a line
 * @param query the parameters that may follow the path
 * @param keys of the JSON object that is sent with it; none if nothing is
 */
public record Route(
    HandlerType method,
    String path,
    String summary,
    List<String> query,
    List<String> keys,
    Handler handler) {
  private static final Pattern VARIABLE = Pattern.compile("\\{([a-z]+)}");

  public Route {
    requireNonNull(method, "method is null");
    requireNonNull(path, "path is null");
    requireNonNull(summary, "summary is null");
    query = List.copyOf(query);
    keys = List.copyOf(keys);
    requireNonNull(handler, "handler is null");
  }

  /** One that is sent nothing. */
  public static Route get(String path, String summary, Handler handler) {
    return new Route(HandlerType.GET, path, summary, List.of(), List.of(), handler);
  }

  /** One that changes something. */
  public static Route post(String path, String summary, Handler handler) {
    return new Route(HandlerType.POST, path, summary, List.of(), List.of(), handler);
  }

  /** One that removes something. */
  public static Route delete(String path, String summary, Handler handler) {
    return new Route(HandlerType.DELETE, path, summary, List.of(), List.of(), handler);
  }

  /** The names of the variable parts of the path. */
  public List<String> variables() {
    List<String> variables = new ArrayList<>();
    Matcher matcher = VARIABLE.matcher(path);
    while (matcher.find()) {
      variables.add(matcher.group(1));
    }
    return variables;
  }

  /** The same with parameters behind the path. */
  public Route query(String... names) {
    return new Route(method, path, summary, List.of(names), keys, handler);
  }

  /** The same with an object that is sent. */
  public Route keys(List<String> names) {
    return new Route(method, path, summary, query, names, handler);
  }
}

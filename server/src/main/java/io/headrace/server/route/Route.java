package io.headrace.server.route;

import static java.util.Objects.requireNonNull;

import io.headrace.access.Role;
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
 * @param needs all of what somebody has to be; who says nothing gets it for admins only
 * @param style how it says that something is wrong
 */
public record Route(
    HandlerType method,
    String path,
    String summary,
    List<String> query,
    List<String> keys,
    List<Need> needs,
    Style style,
    Handler handler) {
  private static final Pattern VARIABLE = Pattern.compile("\\{([a-z]+)}");

  public Route {
    requireNonNull(method, "method is null");
    requireNonNull(path, "path is null");
    requireNonNull(summary, "summary is null");
    query = List.copyOf(query);
    keys = List.copyOf(keys);
    needs = List.copyOf(needs);
    requireNonNull(style, "style is null");
    requireNonNull(handler, "handler is null");
    if (needs.isEmpty()) {
      throw new IllegalArgumentException("Nobody says who may ask for " + path);
    }
  }

  /** How a route says that something is wrong. */
  public enum Style {
    /** In JSON. */
    API,
    /** In JSON. What is sent are events, in a form that only their reader knows. */
    EVENTS,
    /** With a page. One that is posted to takes a form. */
    PAGE,
    /** As the protocol of Iceberg has it. */
    ICEBERG
  }

  /** One that is sent nothing. */
  public static Route get(String path, String summary, Handler handler) {
    return of(HandlerType.GET, path, summary, handler);
  }

  /** One that changes something. */
  public static Route post(String path, String summary, Handler handler) {
    return of(HandlerType.POST, path, summary, handler);
  }

  /** One that removes something. */
  public static Route delete(String path, String summary, Handler handler) {
    return of(HandlerType.DELETE, path, summary, handler);
  }

  /** One of any method. */
  public static Route of(HandlerType method, String path, String summary, Handler handler) {
    List<Need> admin = List.of(new Need.OnServer(Role.ADMIN));
    return new Route(method, path, summary, List.of(), List.of(), admin, Style.API, handler);
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
    return new Route(method, path, summary, List.of(names), keys, needs, style, handler);
  }

  /** The same with an object that is sent. */
  public Route keys(List<String> names) {
    return new Route(method, path, summary, query, names, needs, style, handler);
  }

  /** The same for who is all of this. */
  public Route needs(Need... all) {
    return new Route(method, path, summary, query, keys, List.of(all), style, handler);
  }

  /** The same for anybody. */
  public Route open() {
    return needs(new Need.Nothing());
  }

  /** The same, which says otherwise that something is wrong. */
  public Route style(Style other) {
    return new Route(method, path, summary, query, keys, needs, other, handler);
  }

  /** The same with another handler. */
  public Route with(Handler other) {
    return new Route(method, path, summary, query, keys, needs, style, other);
  }

  /**
   * Whether it is written down who asked. Handlers of pages write down themselves what they do, and
   * there are too many events.
   */
  public boolean isRecorded() {
    return !isReading() && style != Style.PAGE && style != Style.EVENTS;
  }

  /** Whether it only reads. */
  public boolean isReading() {
    return method.equals(HandlerType.GET) || method.equals(HandlerType.HEAD);
  }
}

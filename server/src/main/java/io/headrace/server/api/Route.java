package io.headrace.server.api;

import static java.util.Objects.requireNonNull;

import io.javalin.http.Handler;
import io.javalin.http.HandlerType;

/**
 * Something that can be asked for.
 *
 * @param path with names of its variable parts in braces
 * @param summary what it does, in a line
 */
public record Route(HandlerType method, String path, String summary, Handler handler) {
  public Route {
    requireNonNull(method, "method is null");
    requireNonNull(path, "path is null");
    requireNonNull(summary, "summary is null");
    requireNonNull(handler, "handler is null");
  }
}

package io.headrace.server.access;

import io.headrace.access.AccessRules;
import io.headrace.access.AuditLog.Entry;
import io.headrace.error.HeadraceException;
import io.headrace.error.ProjectException;
import io.headrace.server.route.Need;
import io.headrace.server.route.Projects;
import io.headrace.server.route.Route;
import io.headrace.server.route.Statuses;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HttpResponseException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What every request passes before a handler sees it: who asks is found out, what the route needs
 * is held against his rights, and what changes anything is written to the audit log before it is
 * done. Safe for many threads.
 */
public final class Gate {
  private static final Duration LIMIT_TIME = Duration.ofMinutes(1);
  private static final int MOST_OF_KNOWN = 3_000;
  private static final int MOST_OF_OTHERS = 300;

  private static final int TOO_MANY = 429;

  private static final String ROUTE = "route";

  private final Projects projects;
  private final Optional<Access> access;
  private final Doorway doorway;
  private final Optional<Limiter> known;
  private final Optional<Limiter> others;

  private Gate(Projects projects, Optional<Access> access, Doorway doorway) {
    this.projects = projects;
    this.access = access;
    this.doorway = doorway;
    this.known = access.map(a -> new Limiter(MOST_OF_KNOWN, LIMIT_TIME, a.clock()));
    this.others = access.map(a -> new Limiter(MOST_OF_OTHERS, LIMIT_TIME, a.clock()));
  }

  /** Lets everybody on this machine do everything. */
  public static Gate open(Projects projects) {
    return new Gate(projects, Optional.empty(), Doorway.LOOPBACK);
  }

  /** Asks who that is. */
  public static Gate of(Projects projects, Access access) {
    return new Gate(projects, Optional.of(access), access.doorway());
  }

  /** The handler of a route behind this gate. */
  public Handler guard(Route route) {
    return context -> {
      context.attribute(ROUTE, route);
      if (access.isEmpty()) {
        Visitor.LOCAL.enter(context);
        route.handler().handle(context);
      } else {
        pass(context, route, access.get());
      }
    };
  }

  /**
   * Returns if who asks is all of this. For handlers that find out only themselves what is needed.
   *
   * @throws HttpResponseException 404 if he may not know of it, 403 if he may not do it
   */
  public static void require(Projects projects, Context context, List<Need> needs) {
    new Requirements(projects, context).require(needs, List.of(), Visitor.of(context));
  }

  /** The route that a request asks for, once that is known. */
  public static Optional<Route> routeOf(Context context) {
    return Optional.ofNullable(context.attribute(ROUTE));
  }

  /** Whether what he was let in by still holds. After a change of the rules he has to ask again. */
  private boolean isStillWelcome(Context context, Route route, Access access, AccessRules rules) {
    try {
      Optional<Visitor> visitor = new Arrivals(access).visitor(context);
      visitor.ifPresent(someone -> new Requirements(projects, context).require(route, someone));
      return visitor.isPresent() && access.file().rules().equals(rules);
    } catch (HttpResponseException | HeadraceException e) {
      return false;
    }
  }

  private void pass(Context context, Route route, Access access) throws Exception {
    access.retention().look(access);
    Trail trail = new Trail(access, context, route);
    AccessRules rules = access.file().rules();
    Visitor visitor = new Visitor("", rules.rightsOf(Set.of()));
    try {
      visitor = arrive(context, route, access).orElse(visitor);
      visitor.enter(context);
      new Requirements(projects, context).require(route, visitor);
      Visitor.isWelcome(context, () -> isStillWelcome(context, route, access, rules));
    } catch (HttpResponseException e) {
      visitor.enter(context);
      trail.refused(visitor, e.getStatus());
      throw e;
    } catch (ProjectException e) {
      trail.refused(visitor, Statuses.of(e));
      throw told(context, visitor, e);
    }
    Optional<Long> entry = trail.begin(visitor);
    try {
      route.handler().handle(context);
      trail.conclude(entry, context.statusCode());
    } catch (HttpResponseException e) {
      trail.conclude(entry, e.getStatus());
      throw e;
    } catch (HeadraceException e) {
      trail.conclude(entry, Statuses.of(e));
      throw e instanceof ProjectException wrong ? told(context, visitor, wrong) : e;
    } catch (Exception e) {
      trail.conclude(entry, 500);
      throw e;
    }
  }

  private Optional<Visitor> arrive(Context context, Route route, Access access) {
    boolean isOpen = route.needs().contains(new Need.Nothing());
    String address = doorway.network(context);
    Optional<Visitor> visitor;
    try {
      visitor = new Arrivals(access).visitor(context);
    } catch (HttpResponseException e) {
      limit(others, address);
      if (!isOpen) {
        throw e;
      }
      visitor = Optional.empty();
    }
    if (visitor.isPresent()) {
      limit(known, visitor.get().name());
    } else {
      limit(others, address);
    }
    if (visitor.isEmpty() && !isOpen) {
      throw new HttpResponseException(
          401, "Nobody knows who you are", Map.of("hint", "Log in, or send a token"));
    }
    requireOwnPage(context, route, visitor);
    return visitor;
  }

  private static void limit(Optional<Limiter> limiter, String key) {
    if (limiter.filter(l -> !l.take(key)).isPresent()) {
      throw new HttpResponseException(
          TOO_MANY, "Too many requests", Map.of("hint", "Wait a minute, and ask less often"));
    }
  }

  /**
   * A browser sends the cookie along whoever made it ask; but it says which page did, and a page of
   * somebody else it tells nothing that a form has to send.
   */
  private void requireOwnPage(Context context, Route route, Optional<Visitor> visitor) {
    boolean isByCookie = visitor.filter(Visitor::hasSession).isPresent();
    if (isByCookie && !route.isReading() && context.header("Origin") == null) {
      throw new HttpResponseException(
          403,
          "Nobody says which page that comes from",
          Map.of("hint", "Programs send a token instead of a cookie"));
    }
  }

  /** What is wrong with a project's files names what is in them. */
  private HeadraceException told(Context context, Visitor visitor, ProjectException e) {
    return visitor.sight(new Requirements(projects, context).project()).seesAll()
        ? e
        : new HeadraceException(
            "The project's files cannot be read",
            "Ask somebody who sees all of the project to look at its first page");
  }

  /** What is written down of one request. */
  private record Trail(Access access, Context context, Route route) {
    private Entry entry(Visitor visitor, String outcome) {
      return new Entry(
          access.clock().instant(),
          visitor.name(),
          access.doorway().client(context),
          "%s %s".formatted(route.method(), route.path()),
          context.pathParamMap().getOrDefault("project", ""),
          Requirements.environment(context, route).orElse(""),
          Subjects.of(context, route),
          outcome);
    }

    /** Too many of them would be too many entries. */
    void refused(Visitor visitor, int status) {
      if (status != TOO_MANY) {
        access.audit().add(entry(visitor, "refused " + status));
      }
    }

    Optional<Long> begin(Visitor visitor) {
      return route.isRecorded()
          ? Optional.of(access.audit().add(entry(visitor, "")))
          : Optional.empty();
    }

    void conclude(Optional<Long> entry, int status) {
      entry.ifPresent(
          number -> access.audit().conclude(number, status < 400 ? "ok" : "failed " + status));
    }
  }
}

package io.headrace.server.ui;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.Utf8ByteOutput;
import io.headrace.error.HeadraceException;
import io.headrace.error.ProjectException;
import io.headrace.server.access.Visitor;
import io.headrace.server.route.Route;
import io.headrace.server.route.Statuses;
import io.headrace.server.ui.Frame.Who;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpResponseException;
import io.javalin.http.HttpStatus;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Makes HTML of what pages show. A page can load nothing from elsewhere, run no script but the
 * project's own, and be shown inside of no other page.
 */
public final class Pages {
  private static final Set<String> THEMES = Set.of("light", "dark");
  private static final TemplateEngine TEMPLATES =
      TemplateEngine.createPrecompiled(
          null, ContentType.Html, Pages.class.getClassLoader(), "io.headrace.server.templates");

  /** Of a request: the name of the project that it is about, once it is known to be there. */
  static final String PROJECT = "project";

  private Pages() {}

  /**
   * What is shown instead of a page.
   *
   * @param status of HTTP
   */
  public record Failure(int status, String message, String hint) {}

  /** Answers a request, or throws what goes wrong. */
  @FunctionalInterface
  interface Page {
    void show(Context context) throws Exception;
  }

  /** A route to a page, which tells people what goes wrong. */
  static Route route(String path, String summary, Page page) {
    return Route.get(path, summary, context -> show(context, page)).style(Route.Style.PAGE);
  }

  /** A route that takes a form, and tells people what goes wrong. */
  static Route form(String path, String summary, Page page) {
    return Route.post(path, summary, context -> show(context, page)).style(Route.Style.PAGE);
  }

  private static void show(Context context, Page page) throws Exception {
    protect(context);
    try {
      page.show(context);
    } catch (HttpResponseException e) {
      refuse(context, e);
    } catch (ProjectException e) {
      // The gate knows who may read it.
      throw e;
    } catch (HeadraceException e) {
      fail(context, e);
    } catch (RuntimeException e) {
      fail(
          context,
          500,
          "Something went wrong that Headrace has no words for: " + e,
          "This is a defect: please report it");
    }
  }

  /** What holds for all that a browser gets. */
  static void protect(Context context) {
    context.header(
        "Content-Security-Policy",
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none';"
            + " object-src 'none'");
    context.header("X-Content-Type-Options", "nosniff");
    context.header("Referrer-Policy", "same-origin");
    context.header("Cache-Control", "no-store");
  }

  /** Says why a page is not shown; sends people who have not logged in where they can. */
  public static void refuse(Context context, HttpResponseException e) {
    protect(context);
    boolean isRead = context.method().equals(HandlerType.GET) && !isPart(context);
    if (e.getStatus() == HttpStatus.UNAUTHORIZED.getCode() && isRead) {
      String query = context.queryString() == null ? "" : "?" + context.queryString();
      context.redirect(
          Links.with(LoginPages.PATH, "then", context.path() + query), HttpStatus.SEE_OTHER);
      return;
    }
    Object hint = e.getDetails().getOrDefault("hint", "");
    fail(context, e.getStatus(), String.valueOf(e.getMessage()), String.valueOf(hint));
  }

  /** Says why a page cannot be made. */
  public static void fail(Context context, HeadraceException e) {
    fail(context, Statuses.of(e), String.valueOf(e.getMessage()), e.hint());
  }

  private static boolean isPart(Context context) {
    return "part".equals(context.header("X-Headrace"));
  }

  private static void fail(Context context, int status, String message, String hint) {
    context.status(status);
    render(
        context,
        isPart(context) ? "part_failure" : "failure",
        frame(context, status == 404 ? "Not found" : "That did not work"),
        new Failure(status, message, hint));
  }

  /** The frame of a page that is of no project, or tells that one of a project did not work. */
  static Frame frame(Context context, String title) {
    return new Frame(
        title,
        Optional.ofNullable(context.<String>attribute(PROJECT)).orElse(""),
        "none",
        "main",
        List.of(),
        List.of(),
        "",
        theme(context),
        "",
        who(context));
  }

  /** Who is seen to have logged in. */
  static Who who(Context context) {
    return Visitor.find(context)
        .filter(Visitor::hasSession)
        .map(visitor -> new Who(visitor.name(), visitor.form()))
        .orElse(Who.NOBODY);
  }

  static String theme(Context context) {
    return Optional.ofNullable(context.cookie("theme")).filter(THEMES::contains).orElse("");
  }

  static void render(Context context, String template, Frame frame, Object page) {
    Utf8ByteOutput out = new Utf8ByteOutput();
    TEMPLATES.render(template + ".jte", Map.of("frame", frame, "page", page), out);
    context.contentType("text/html; charset=utf-8").result(out.toByteArray());
  }
}

package io.headrace.server.ui;

import io.headrace.catalog.Environment;
import io.headrace.server.api.Api;
import io.headrace.table.TableName;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Addresses of pages, safe in an attribute. */
final class Links {
  static final String PROJECT = "/projects/{project}";

  private Links() {}

  static String project(String project) {
    return "/projects/" + encode(project);
  }

  /** Of what the API says of a project. */
  static String api(String project) {
    return Api.ROOT + project(project);
  }

  static String table(String project, TableName table, String environment) {
    return in(project(project) + "/tables/" + encode(table.toString()), environment);
  }

  static String run(String project, String run) {
    return project(project) + "/runs/" + encode(run);
  }

  static String log(String project, String run, String name) {
    return run(project, run) + "/log/" + encode(name);
  }

  static String environment(String project, String environment) {
    return project(project) + "/environments/" + encode(environment);
  }

  static String diff(String project, String left, String right) {
    return project(project) + "/diff?a=" + encode(left) + "&b=" + encode(right);
  }

  static String schedule(String project, String schedule) {
    return project(project) + "/schedules/" + encode(schedule);
  }

  /** The same address for what is seen in an environment; {@code main} is not named. */
  static String in(String path, String environment) {
    return environment.equals(Environment.MAIN) ? path : with(path, "env", environment);
  }

  /** The address with another parameter. */
  static String with(String path, String name, String value) {
    return path + (path.contains("?") ? "&" : "?") + name + "=" + encode(value);
  }

  static String encode(String part) {
    return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
  }
}

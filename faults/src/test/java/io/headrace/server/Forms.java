package io.headrace.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Logs in and sends forms, as a browser does. */
abstract class Forms {
  private static final Pattern FORM = Pattern.compile("name=\"form\" value=\"([0-9a-f]+)\"");

  /** The server that is asked. */
  abstract AccessSite site();

  static String cookie(HttpResponse<String> answer, String name) {
    return answer.headers().allValues("Set-Cookie").stream()
        .filter(cookie -> cookie.startsWith(name + "="))
        .map(cookie -> cookie.substring(0, cookie.indexOf(';')))
        .findFirst()
        .orElse("");
  }

  static String form(HttpResponse<String> page) {
    Matcher matcher = FORM.matcher(page.body());
    assertThat(matcher.find()).as(page.body()).isTrue();
    return matcher.group(1);
  }

  HttpResponse<String> post(String path, String cookie, Map<String, String> fields) {
    String body =
        fields.entrySet().stream()
            .map(
                field ->
                    field.getKey()
                        + "="
                        + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
    return site()
        .send(
            site()
                .request(path)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Origin", site().address())
                .header("Cookie", cookie)
                .POST(BodyPublishers.ofString(body)));
  }

  HttpResponse<String> login(String name, String password, String then) {
    HttpResponse<String> page = site().get("", "/login");
    return post(
        "/login",
        cookie(page, "headrace-login"),
        Map.of("name", name, "password", password, "then", then, "form", form(page)));
  }

  /** The cookie of a session. */
  String session(String name) {
    HttpResponse<String> answer = login(name, AccessSite.PASSWORD, "/");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(303);
    return cookie(answer, "headrace");
  }

  HttpResponse<String> with(String cookie, String path) {
    return site().send(site().request(path).header("Cookie", cookie));
  }
}

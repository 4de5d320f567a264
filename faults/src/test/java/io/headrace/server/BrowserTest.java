package io.headrace.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.engine.Cancellation;
import io.headrace.faults.TestProject;
import io.headrace.server.runs.Order;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The pages in a real browser: no errors, live runs, keys, dark and light, and for everybody. */
class BrowserTest {
  private static final String AXE = "/META-INF/resources/webjars/axe-core/4.6.3/axe.min.js";
  static final String SERIOUS =
      "axe.run({resultTypes: ['violations']}).then((found) => JSON.stringify(found.violations"
          + ".filter((one) => ['serious', 'critical'].includes(one.impact))"
          + ".map((one) => one.id + ': ' + one.nodes.map((n) => n.html + n.failureSummary)"
          + ".slice(0, 3).join(' | '))))";

  @TempDir static Path folder;

  @SuppressWarnings("NullAway.Init") // before all tests
  private static Site site;

  @SuppressWarnings("NullAway.Init") // before all tests
  private static Browser browser;

  @SuppressWarnings("NullAway.Init") // before all tests
  private static String firstRun;

  @BeforeAll
  static void serve() throws IOException, InterruptedException {
    TestProject project =
        new TestProject(folder.resolve("shop"))
            .write(
                "headrace.yaml",
                "description: What a shop sells.\nschedules: {nightly: {cron: 0 3 * * *}}")
            .write("tables/numbers.csv", "n,name\n1,one\n2,two\n3,\n")
            .table(
                "doubled",
                "/*---\ndescription: Twice as much.\nchecks: [{unique: [n]}]\n---*/\n"
                    + "-- twice\nSELECT n * 2 AS n, 'x' AS text, DATE '2026-01-01' + n::INT AS day FROM numbers")
            .table("marts/total", "SELECT sum(n) AS total FROM doubled");
    site = new Site(project, PagesTest::routes);
    Serving serving = site.serving();
    firstRun = serving.project().run(Order.of("ada"), Cancellation.never()).id();
    serving
        .workspace()
        .catalog()
        .environments()
        .create(
            "dev",
            Optional.of(serving.workspace().catalog().environments().head("main")),
            serving.workspace().clock().instant());
    browser = Browser.start(Files.createDirectory(folder.resolve("browser")));
  }

  @AfterAll
  static void stop() {
    browser.close();
    site.close();
  }

  @BeforeEach
  void begin() {
    browser.prefer("light");
  }

  @AfterEach
  void nothingWentWrong() {
    assertThat(browser.errors()).isEmpty();
  }

  private static void go(String path) {
    browser.go(site.address() + "/projects/shop" + path.replace("RUN", firstRun));
    browser.await("!document.querySelector('[aria-busy]')");
  }

  static String axe() throws IOException {
    try (InputStream in = BrowserTest.class.getResourceAsStream(AXE)) {
      if (in == null) {
        throw new IOException("There is no " + AXE);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/tables/doubled",
        "/graph",
        "/runs",
        "/runs/RUN",
        "/runs/RUN/log/doubled",
        "/environments",
        "/environments/dev",
        "/diff?a=main&b=dev",
        "/query",
        "/schedules",
        "/schedules/nightly",
        "/search?q=n",
        "?env=dev",
      })
  void everyPageIsForEverybody(String path) throws IOException {
    String axe = axe();
    go(path);
    browser.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })");
    browser.await("!document.querySelector('[aria-busy]')");
    for (String scheme : List.of("light", "dark")) {
      browser.prefer(scheme);
      browser.evaluate(axe + ";''");
      assertThat(browser.evaluate(SERIOUS)).as(path + " " + scheme).isEqualTo("[]");
    }
    assertThat(browser.evaluate("String(document.documentElement.scrollWidth <= innerWidth)"))
        .as("no page is wider than the window: " + path)
        .isEqualTo("true");
  }

  @Test
  void aRunIsStartedAndSeenToTheEnd() {
    go("/runs");
    browser.evaluate("document.querySelector('[name=refresh]').value = '*'; ''");
    browser.click("form[data-post] button");
    browser.await("location.pathname.match(/runs\\/r/)");
    browser.await(
        "document.getElementById('state').textContent === 'unchanged'"
            + " || document.getElementById('state').textContent === 'published'");
    browser.await("document.querySelectorAll('.timeline .task').length === 3");
    browser.await("!document.getElementById('cancel')");
    assertThat(browser.evaluate("document.querySelector('main').innerText"))
        .contains("marts.total", "numbers");
  }

  @Test
  void whatGoesWrongWithARunIsSaid() {
    go("/runs");
    browser.evaluate("document.querySelector('[name=select]').value = 'doubledd'; ''");
    browser.click("form[data-post] button");
    browser.await("document.body.innerText.includes('Did you mean')");
  }

  @Test
  void aKeyLeadsToTheSearchAndAnotherToTheDark() {
    go("");
    browser.press("/", "/", 0);
    assertThat(browser.evaluate("document.activeElement.id")).isEqualTo("search");
    browser.type("doub");
    browser.press("Enter", "\r", 0);
    browser.await(
        "location.pathname.endsWith('/search') && document.body.innerText.includes('doubled')");
    String light = browser.evaluate("getComputedStyle(document.body).backgroundColor");
    browser.evaluate("document.activeElement.blur()");
    browser.press("d", "d", 0);
    assertThat(browser.evaluate("getComputedStyle(document.body).backgroundColor"))
        .isNotEqualTo(light);
    go("");
    assertThat(browser.evaluate("document.documentElement.dataset.theme")).isEqualTo("dark");
    browser.click("#theme");
    assertThat(browser.evaluate("getComputedStyle(document.body).backgroundColor"))
        .isEqualTo(light);
    browser.evaluate("document.cookie = 'theme=; Path=/; Max-Age=0'");
  }

  @Test
  void aTableOfTheGraphShowsWhatHangsOnIt() {
    go("/graph");
    browser.click("[data-name=doubled] text");
    browser.await("document.querySelectorAll('.node.on').length === 3");
    assertThat(browser.evaluate("String(document.querySelectorAll('.edge.on').length)"))
        .isEqualTo("2");
    String before = browser.evaluate("document.getElementById('graph').getAttribute('viewBox')");
    browser.press("+", "+", 0);
    assertThat(browser.evaluate("document.getElementById('graph').getAttribute('viewBox')"))
        .isNotEqualTo(before);
    browser.press("Escape", "", 0);
    assertThat(browser.evaluate("String(document.querySelectorAll('.on').length)")).isEqualTo("0");
    browser.press("0", "0", 0);
    browser.click("[data-name=doubled] text");
    browser.click("[data-name=doubled] text");
    browser.await("location.pathname.endsWith('/tables/doubled')");
  }

  @Test
  void aQueryIsCompletedAnsweredAndDrawn() {
    go("/query");
    browser.click("#sql");
    browser.type("FROM doub");
    browser.await("document.querySelectorAll('#words li').length > 0");
    browser.press("Enter", "\r", 0);
    assertThat(browser.evaluate("document.getElementById('sql').value")).isEqualTo("FROM doubled");
    browser.type(" ORDER BY n");
    browser.press("Enter", "\r", 2);
    browser.await("document.querySelectorAll('#rows tbody tr').length === 3");
    assertThat(browser.evaluate("document.getElementById('rows').innerText"))
        .contains("2026-01-02");
    browser.evaluate(
        "(() => { const kind = document.getElementById('chart-kind'); kind.value = 'bar';"
            + "kind.dispatchEvent(new Event('change')); })()");
    assertThat(browser.evaluate("String(document.querySelectorAll('#chart rect').length)"))
        .isEqualTo("3");
    browser.evaluate("document.getElementById('sql').value = 'FROM nowhere'; ''");
    browser.click("#query button");
    browser.await("document.getElementById('problem').textContent.includes('nowhere')");
    // Browsers tell of each answer that is no success.
    Serving.await(() -> browser.errors().stream().anyMatch(error -> error.endsWith("/query")));
  }

  @Test
  void withoutWordsTypingGoesOn() {
    go("/query");
    assertThat(browser.evaluate("complete('/projects/none/words', 'n').then(JSON.stringify)"))
        .isEqualTo("[]");
    Serving.await(() -> browser.errors().stream().anyMatch(error -> error.endsWith("prefix=n")));
  }

  @Test
  void aScheduleIsPausedAndGoesOn() {
    go("/schedules");
    browser.click("[aria-label=\"Pause nightly\"]");
    browser.await("document.querySelector('[aria-label=\"Resume nightly\"]')");
    browser.click("[aria-label=\"Resume nightly\"]");
    browser.await("document.querySelector('[aria-label=\"Pause nightly\"]')");
  }
}

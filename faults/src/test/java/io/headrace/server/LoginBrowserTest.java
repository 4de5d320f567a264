package io.headrace.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.faults.TestProject;
import io.headrace.server.access.Doorway;
import io.headrace.server.access.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Logging in with a real browser, which keeps cookies and says where requests come from. */
class LoginBrowserTest {
  private static final String RULES =
      "grants: [{who: ada, role: operator}, {who: eve, role: viewer}]";

  @TempDir Path folder;

  private AccessSite site() {
    TestProject project =
        new TestProject(folder.resolve("shop")).write("tables/numbers.csv", "n\n1\n");
    AccessSite site =
        new AccessSite(
            project,
            folder.resolve("access"),
            new MovableClock(),
            RULES,
            Doorway.LOOPBACK,
            route -> route);
    site.user("ada");
    site.user("eve");
    return site;
  }

  private static void login(Browser browser, AccessSite site, String name) {
    browser.go(site.address() + "/projects/shop/runs");
    browser.await("document.activeElement.name === 'name'");
    browser.type(name);
    String unused = browser.evaluate("document.querySelector('[name=password]').focus(); ''");
    browser.type(AccessSite.PASSWORD);
    browser.click(".login button");
    browser.await("location.pathname === '/projects/shop/runs' && document.querySelector('.who')");
  }

  @Test
  void peopleLogInStartARunAndLogOut() throws IOException, InterruptedException {
    try (AccessSite site = site();
        Browser browser = Browser.start(Files.createDirectory(folder.resolve("browser")))) {
      login(browser, site, "ada");
      assertThat(browser.evaluate("document.querySelector('.who').textContent")).contains("ada");
      browser.click("form[data-post] button");
      browser.await("location.pathname.startsWith('/projects/shop/runs/r')");
      assertThat(site.serving().project().runs().get(0).order().author()).isEqualTo("ada");
      browser.await("document.getElementById('state')?.textContent === 'published'");
      browser.click(".who button");
      browser.await("location.pathname === '/login'");
      browser.go(site.address() + "/projects/shop");
      browser.await("location.pathname === '/login'");
      assertThat(browser.errors()).isEmpty();
    }
  }

  @Test
  void whatSomebodyMayNotDoIsNotOffered() throws IOException, InterruptedException {
    try (AccessSite site = site();
        Browser browser = Browser.start(Files.createDirectory(folder.resolve("browser")))) {
      login(browser, site, "eve");
      for (String page : new String[] {"", "/runs", "/tables/numbers", "/environments/main"}) {
        browser.go(site.address() + "/projects/shop" + page);
        assertThat(browser.evaluate("document.querySelectorAll('form[data-post]').length"))
            .as(page)
            .isEqualTo("0");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"light", "dark"})
  void peopleMakeAndRevokeTokens(String scheme) throws IOException, InterruptedException {
    try (AccessSite site = site();
        Browser browser = Browser.start(Files.createDirectory(folder.resolve("browser")))) {
      browser.prefer(scheme);
      login(browser, site, "ada");
      browser.click(".who a");
      browser.await("location.pathname === '/tokens' && document.querySelector('.make')");
      String unused = browser.evaluate("document.querySelector('.make [name=name]').focus(); ''");
      browser.type("laptop");
      browser.click(".make button");
      browser.await("document.getElementById('secret')");
      unused = browser.evaluate(BrowserTest.axe() + ";''");
      assertThat(browser.evaluate(BrowserTest.SERIOUS)).isEqualTo("[]");
      String token = browser.evaluate("document.getElementById('secret').textContent");
      assertThat(site.accounts().tokens().find(Secret.tokenDigest(token))).isPresent();
      browser.click("td.do button");
      browser.await("document.querySelector('.empty')");
      assertThat(site.accounts().tokens().list()).isEmpty();
      assertThat(browser.errors()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"light", "dark"})
  void theFormIsForEverybody(String scheme) throws IOException, InterruptedException {
    try (AccessSite site = site();
        Browser browser = Browser.start(Files.createDirectory(folder.resolve("browser")))) {
      browser.prefer(scheme);
      browser.go(site.address() + "/login");
      browser.await("document.activeElement.name === 'name'");
      String unused = browser.evaluate(BrowserTest.axe() + ";''");
      assertThat(browser.evaluate(BrowserTest.SERIOUS)).isEqualTo("[]");
    }
  }
}

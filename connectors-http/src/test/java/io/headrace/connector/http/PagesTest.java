package io.headrace.connector.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.connector.http.TestApi.Reply;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How many answers become all rows: each page once, and never without end. */
class PagesTest {
  private static final List<String> ALL =
      IntStream.rangeClosed(1, 7).mapToObj(String::valueOf).toList();

  @TempDir Path root;
  private TestApi api;

  @BeforeEach
  void start() throws IOException {
    api = new TestApi();
  }

  @AfterEach
  void stop() {
    api.close();
  }

  private List<String> read(String... settings) {
    Map<String, String> all = new TreeMap<>(Map.of("path", "/rows", "records", "items"));
    for (String setting : settings) {
      all.put(
          setting.substring(0, setting.indexOf('=')), setting.substring(setting.indexOf('=') + 1));
    }
    return Reading.of(root, api.url(), "max_pages=20").rows(all, "id BIGINT");
  }

  /** Rows from one on, up to another one. */
  private static String items(int from, int to) {
    return IntStream.range(Math.min(from, 8), Math.min(to, 8))
        .mapToObj("{\"id\": %d}"::formatted)
        .collect(Collectors.joining(",", "\"items\": [", "]"));
  }

  @Test
  void countsPages() {
    // The API gives three rows at most, whatever it is asked for.
    api.answer(
        "/rows",
        request -> {
          int page = Integer.parseInt(request.parameter("p"));
          return Reply.json("{" + items(3 * page - 2, 3 * page + 1) + "}");
        });
    assertThat(
            read("pages.kind=page", "pages.parameter=p", "pages.size_parameter=n", "pages.size=5"))
        .isEqualTo(ALL);
    assertThat(api.requests())
        .extracting(r -> r.parameter("p"))
        .containsExactly("1", "2", "3", "4");
    assertThat(api.requests()).extracting(r -> r.parameter("n")).containsOnly("5");
  }

  @Test
  void countsRows() {
    api.answer(
        "/rows",
        request -> {
          int offset = Integer.parseInt(request.parameter("offset"));
          return Reply.json("{" + items(offset + 1, offset + 4) + "}");
        });
    assertThat(read("pages.kind=offset")).isEqualTo(ALL);
    assertThat(api.requests())
        .extracting(r -> r.parameter("offset"))
        .containsExactly("0", "3", "6", "7");
  }

  @Test
  void aPageOfRowsWithoutListsIsNotTheLast() {
    api.answer(
        "/rows",
        request ->
            switch (request.parameter("page")) {
              case "1" -> Reply.json("{\"items\": [{\"id\": 1, \"lines\": []}]}");
              case "2" -> Reply.json("{\"items\": [{\"id\": 2, \"lines\": [{\"n\": 5}]}]}");
              default -> Reply.json("{\"items\": []}");
            });
    Map<String, String> settings =
        Map.of("path", "/rows", "records", "items[].lines", "pages.kind", "page");
    assertThat(Reading.of(root, api.url()).rows(settings, "n BIGINT")).containsExactly("5");
  }

  @Test
  void followsTokens() {
    for (String last : List.of("null", "\"\"", "false")) {
      try (TestApi other = new TestApi()) {
        other.answer(
            "/rows",
            request -> {
              int from =
                  request.parameter("after").isEmpty()
                      ? 1
                      : Integer.parseInt(request.parameter("after"));
              String next = from + 3 > 7 ? last : "\"" + (from + 3) + "\"";
              String meta = "\"meta\": {\"next\": %s}".formatted(next);
              // In front of the rows or behind them.
              return Reply.json(
                  from == 1
                      ? "{" + meta + "," + items(from, from + 3) + "}"
                      : "{" + items(from, from + 3) + "," + meta + "}");
            });
        assertThat(
                Reading.of(root, other.url())
                    .rows(
                        Map.of(
                            "path",
                            "/rows",
                            "records",
                            "items",
                            "pages.kind",
                            "cursor",
                            "pages.token",
                            "meta.next",
                            "pages.parameter",
                            "after"),
                        "id BIGINT"))
            .isEqualTo(ALL);
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
  }

  @Test
  void followsAddresses() {
    api.answer(
        "/rows",
        request -> {
          int from =
              request.parameter("from").isEmpty() ? 1 : Integer.parseInt(request.parameter("from"));
          String next = from + 4 > 7 ? "null" : "\"?from=%d&x=a%%20b\"".formatted(from + 4);
          return Reply.json("{\"next\": %s, %s}".formatted(next, items(from, from + 4)));
        });
    assertThat(read("pages.kind=next", "pages.token=next", "parameters.status=open"))
        .isEqualTo(ALL);
    assertThat(api.requests().get(0).query()).isEqualTo(Map.of("status", "open"));
    assertThat(api.requests().get(1).query()).isEqualTo(Map.of("from", "5", "x", "a b"));
  }

  @Test
  void followsLinks() {
    api.answer(
        "/rows",
        request -> {
          int from =
              request.parameter("from").isEmpty() ? 1 : Integer.parseInt(request.parameter("from"));
          Reply reply = Reply.json("{%s}".formatted(items(from, from + 4)));
          return from + 4 > 7
              ? reply.with("Link", "</rows?from=1>; rel=\"first\"")
              : reply.with(
                  "Link",
                  "</rows?from=1>; rel=first, <%s/rows?from=%d>; title=\"a, <b>; rel=x\"; rel=\"Next last\""
                      .formatted(api.url(), from + 4));
        });
    assertThat(read("pages.kind=link")).isEqualTo(ALL);
  }

  @Test
  void readsTheHeaderOfLinks() {
    assertThat(LinkHeader.next(List.of("<a>; rel=prev", "<b>;rel=next"))).contains("b");
    assertThat(LinkHeader.next(List.of("<a>; rel=\"prev next\""))).contains("a");
    assertThat(LinkHeader.next(List.of("<a,b>; rel=next"))).contains("a,b");
    assertThat(LinkHeader.next(List.of("<a>; rel=prev; rel=next"))).isEmpty();
    assertThat(LinkHeader.next(List.of("<a>; title=\"rel=next\""))).isEmpty();
    assertThat(LinkHeader.next(List.of("", "<", "<a>", "rel=next", "<a> rel=nextish"))).isEmpty();
  }

  @Test
  void aPageThatComesAgainIsAnError() {
    api.json("/rows", "{\"next\": \"/rows?x=1\", %s}".formatted(items(1, 3)));
    assertThatThrownBy(() -> read("pages.kind=next", "pages.token=next"))
        .hasMessageContaining("behind page 2 comes one that was read before");
    assertThatThrownBy(() -> read("pages.kind=cursor", "pages.token=next", "pages.parameter=after"))
        .hasMessageContaining("behind page 2 comes one that was read before");
    assertThatThrownBy(() -> read("pages.kind=page"))
        .hasMessageContaining("page 2 is the same as one before");
    assertThatThrownBy(() -> read("pages.kind=offset"))
        .hasMessageContaining("page 2 is the same as one before");
  }

  @Test
  void pagesWithoutEndAreAnError() {
    List<Integer> asked = new ArrayList<>();
    api.answer(
        "/rows",
        request -> {
          asked.add(1);
          return Reply.json("{\"items\": [{\"id\": %d}]}".formatted(asked.size()));
        });
    assertThatThrownBy(() -> read("pages.kind=page"))
        .hasMessageContaining("there are more than 20 pages");
    assertThat(asked).hasSize(20);
  }

  @Test
  void goesToNoOtherHost() throws IOException {
    try (TestApi other = new TestApi()) {
      other.json("/rows", "{%s}".formatted(items(1, 2)));
      api.json("/rows", "{\"next\": \"%s/rows\", %s}".formatted(other.url(), items(1, 3)));
      assertThatThrownBy(() -> read("pages.kind=next", "pages.token=next"))
          .hasMessageContaining("it is elsewhere than `url` of the connection");
      assertThat(other.requests()).isEmpty();
    }
  }
}

package io.headrace.connector.http;

import io.headrace.error.HeadraceException;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Reads the pages of a source, from the first to the last one. Not for several threads. */
final class PageWalk {
  private final ApiSettings settings;
  private final ConnectionSettings connection;
  private final Requests requests;
  private final Failures failures;

  PageWalk(ApiSettings settings, ConnectionSettings connection, Requests requests) {
    this.settings = settings;
    this.connection = connection;
    this.requests = requests;
    this.failures = requests.failures();
  }

  /** Which pages are read, and how far. */
  record Walk(Map<String, String> parameters, boolean onlyFirst) {}

  /**
   * Reads rows.
   *
   * @param folder for temporary files
   * @param dated hears when the API says that it is, before the first row comes
   * @throws HeadraceException if the API fails, or answers otherwise than the source says
   */
  void read(Walk walk, Path folder, Budget budget, Consumer<Optional<Instant>> dated, RowSink rows)
      throws IOException {
    Document document = Document.of(settings);
    SortedMap<String, String> parameters = new TreeMap<>(settings.parameters());
    parameters.putAll(settings.pages().first());
    parameters.putAll(walk.parameters());
    URI uri = uri(parameters);
    Set<URI> seen = new HashSet<>();
    Set<String> bodies = new HashSet<>();
    long elements = 0;
    try (Spool body = new Spool(folder)) {
      for (int page = 1; ; page++) {
        seen.add(uri);
        Answer answer = requests.get(uri, settings.format().accept(), body, budget);
        if (page == 1) {
          dated.accept(answer.date());
        }
        Document.Page read = rows(answer, document, body, rows, page);
        elements += read.elements();
        Optional<URI> next =
            walk.onlyFirst() ? Optional.empty() : next(answer, read, parameters, page, elements);
        if (next.isEmpty()) {
          return;
        }
        if (seen.contains(next.get())) {
          throw failures.of(
              uri,
              "behind page %,d comes one that was read before".formatted(page),
              "The API leads in a circle: look at `pages` of the source");
        }
        if (settings.pages().isCounted() && !bodies.add(body.digest())) {
          throw failures.of(
              uri,
              "page %,d is the same as one before".formatted(page),
              "Does the API know the parameters under `pages`? They are taken as they are written");
        }
        if (page == connection.limits().pages()) {
          throw failures.of(
              uri,
              "there are more than %,d pages".formatted(page),
              "Ask for more rows in a page, or raise `max_pages` of the connection");
        }
        uri = next.get();
        budget.cancel().throwIfRequested();
      }
    }
  }

  private Document.Page rows(Answer answer, Document document, Spool body, RowSink rows, int page)
      throws IOException {
    if (answer.status() == 204) {
      return new Document.Page(0, Optional.empty());
    }
    boolean isJson = settings.format() == ApiSettings.Format.JSON;
    if (answer.contentType().contains("html")) {
      throw failures.of(
          answer.uri(),
          "it answers with a page of HTML",
          "Is `path` of the source right, or is that where people sign in?");
    }
    if (!isJson && !answer.isMeasured()) {
      throw failures.of(
          answer.uri(),
          "its answer says no length, so that nothing tells whether it is whole",
          "Ask for `format: json`, which has an end");
    }
    try {
      return document.read(Document.text(body.read(), answer.charset()), rows);
    } catch (InvalidAnswerException e) {
      throw failures.of(answer.uri(), "page %,d: %s".formatted(page, e.reason()), e.hint());
    } catch (CharacterCodingException e) {
      throw failures.of(
          answer.uri(),
          "page %,d: its answer is not text in %s".formatted(page, answer.charset().name()),
          "Look at the answer with another client");
    }
  }

  private Optional<URI> next(
      Answer answer,
      Document.Page read,
      SortedMap<String, String> parameters,
      int page,
      long elements) {
    Pages pages = settings.pages();
    if (pages instanceof Pages.Numbered numbered) {
      // Fewer rows than were asked for may be the most that the API gives, so that only no rows
      // mean the end.
      return read.elements() == 0
          ? Optional.empty()
          : Optional.of(uri(with(parameters, numbered.parameter(), numbered.begin() + page)));
    }
    if (pages instanceof Pages.Offset offset) {
      return read.elements() == 0
          ? Optional.empty()
          : Optional.of(uri(with(parameters, offset.parameter(), elements)));
    }
    if (pages instanceof Pages.Token token) {
      return read.token().map(text -> uri(with(parameters, token.parameter(), text)));
    }
    Optional<String> address =
        pages instanceof Pages.Link ? LinkHeader.next(answer.links()) : read.token();
    return address.map(text -> resolved(answer.uri(), text));
  }

  private URI resolved(URI base, String address) {
    try {
      // Of an address that only has parameters, Java would drop the last part of the path.
      return address.startsWith("?")
          ? new URI(base.toString().replaceFirst("\\?.*", "") + address)
          : base.resolve(new URI(address));
    } catch (URISyntaxException | IllegalArgumentException e) {
      throw failures.of(
          base,
          "what it says is asked for next is no address",
          "Say in `pages` where the address of the next page is");
    }
  }

  private static SortedMap<String, String> with(
      SortedMap<String, String> parameters, String name, Object value) {
    SortedMap<String, String> more = new TreeMap<>(parameters);
    more.put(name, String.valueOf(value));
    return more;
  }

  private URI uri(SortedMap<String, String> parameters) {
    String query =
        parameters.entrySet().stream()
            .map(entry -> encoded(entry.getKey()) + "=" + encoded(entry.getValue()))
            .collect(Collectors.joining("&"));
    String text = connection.url() + settings.path() + (query.isEmpty() ? "" : "?" + query);
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      throw new HeadraceException(
          "Cannot use the path '%s' of an API".formatted(settings.path()),
          "Write characters that have a meaning in addresses as percent signs and digits");
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}

package io.headrace.connector.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.connector.Position;
import io.headrace.connector.Source;
import io.headrace.engine.Cancellation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each row is read once, whatever the API makes of the position that it is asked from. */
class CursorTest {
  @TempDir Path root;
  private RawServer api;
  private final List<String> rows = new ArrayList<>();
  private String date = "Sat, 31 Jan 2026 12:00:00 GMT";

  @BeforeEach
  void start() throws IOException {
    api =
        new RawServer(
            (socket, out, n) -> {
              String body = rows.stream().collect(Collectors.joining(",", "[", "]"));
              String head =
                  "HTTP/1.1 200 OK\r\nDate: %s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
                      .formatted(date, body.length());
              out.write((head + body).getBytes(StandardCharsets.US_ASCII));
            });
  }

  @AfterEach
  void stop() throws IOException {
    api.close();
  }

  private void row(int id, String at) {
    rows.add("{\"id\": %d, \"at\": \"%s\"}".formatted(id, at));
  }

  private Source open(String type, String... settings) {
    Map<String, String> all =
        new TreeMap<>(Map.of("path", "/rows", "cursor", "at", "since", "changed_since"));
    for (String setting : settings) {
      all.put(
          setting.substring(0, setting.indexOf('=')), setting.substring(setting.indexOf('=') + 1));
    }
    return reading().open(all, "id BIGINT", "at " + type);
  }

  private Reading reading() {
    return Reading.of(root, api.url());
  }

  private List<String> ids(Source source, List<Position> after, List<Position> upTo) {
    return reading().rows(source, after, upTo).stream()
        .map(row -> row.substring(0, row.indexOf(' ')))
        .toList();
  }

  /** The parameters of a request. */
  private String asked(int request) {
    return api.heads().get(request).replaceFirst("(?s)GET /rows\\??(\\S*) .*", "$1");
  }

  private static List<Position> at(String value) {
    return List.of(new Position("/rows", value));
  }

  @Test
  void thePositionIsTheHighestValue() {
    row(1, "2026-01-03T10:00:00Z");
    row(2, "2026-01-04T12:00:00+02:00");
    row(3, "2026-01-04T09:00Z");
    try (Source source = open("TIMESTAMPTZ")) {
      List<Position> first = source.positions();
      assertThat(first).isEqualTo(at("2026-01-04T10:00:00.000000Z"));
      assertThat(ids(source, List.of(), first)).containsExactly("1", "2", "3");
      row(4, "2026-01-05T00:00:00.5Z");
      assertThat(ids(source, List.of(), first)).containsExactly("1", "2", "3");
      assertThat(ids(source, first, first)).isEmpty();
      List<Position> second = source.positions(first, false, Cancellation.never());
      assertThat(second).isEqualTo(at("2026-01-05T00:00:00.500000Z"));
      row(5, "2026-01-06T00:00:00Z");
      assertThat(ids(source, first, second)).containsExactly("4");
    }
    assertThat(asked(0)).isEmpty();
    assertThat(asked(3)).isEqualTo("changed_since=2026-01-04T10%3A00%3A00Z");
  }

  @Test
  void thePositionStaysIfNothingIsBehindIt() {
    try (Source source = open("TIMESTAMPTZ")) {
      assertThat(source.positions()).isEmpty();
      assertThat(ids(source, List.of(), List.of())).isEmpty();
      List<Position> known = at("2026-01-04T10:00:00.000000Z");
      assertThat(source.positions(known, false, Cancellation.never())).isEqualTo(known);
      assertThat(source.positions(known, true, Cancellation.never())).isEmpty();
      row(1, "2026-01-03T10:00:00Z");
      assertThat(source.positions(known, false, Cancellation.never())).isEqualTo(known);
      assertThat(source.positions(known, true, Cancellation.never()))
          .isEqualTo(at("2026-01-03T10:00:00.000000Z"));
      List<Position> other = List.of(new Position("/others", "2026-01-09T10:00:00.000000Z"));
      assertThat(source.positions(other, false, Cancellation.never()))
          .isEqualTo(at("2026-01-03T10:00:00.000000Z"));
    }
  }

  @Test
  void rowsOfATimeThatIsNotOverAreLeftForTheNextRun() {
    row(1, "2026-01-31T11:59:59Z");
    row(2, "2026-01-31T12:00:00Z");
    try (Source source = open("TIMESTAMPTZ")) {
      List<Position> first = source.positions();
      assertThat(first).isEqualTo(at("2026-01-31T11:59:59.000000Z"));
      assertThat(ids(source, List.of(), first)).containsExactly("1");
      // In the same second, another one.
      row(3, "2026-01-31T12:00:00Z");
      date = "Sat, 31 Jan 2026 12:00:01 GMT";
      List<Position> second = source.positions(first, false, Cancellation.never());
      assertThat(ids(source, first, second)).containsExactly("2", "3");
    }
    try (Source source = open("TIMESTAMPTZ", "lag=PT1M")) {
      assertThat(source.positions()).isEmpty();
      date = "Sat, 31 Jan 2026 12:01:00 GMT";
      assertThat(source.positions()).isEqualTo(at("2026-01-31T12:00:00.000000Z"));
    }
    date = "Sat, 31 Jan 2026 12:00:00 GMT";
    try (Source source = open("TIMESTAMPTZ", "lag=PT0S")) {
      assertThat(source.positions()).isEqualTo(at("2026-01-31T12:00:00.000000Z"));
    }
  }

  @Test
  void aDayIsReadWhenItIsOver() {
    row(1, "2026-01-30");
    row(2, "2026-01-31");
    try (Source source = open("DATE")) {
      assertThat(source.positions()).isEqualTo(at("2026-01-30"));
      date = "Sun, 01 Feb 2026 00:00:01 GMT";
      assertThat(source.positions()).isEqualTo(at("2026-01-31"));
    }
  }

  @Test
  void numbersAndTextsAreCursors() {
    rows.add("{\"id\": 9, \"at\": 9}");
    rows.add("{\"id\": 10, \"at\": 10}");
    try (Source source = open("BIGINT")) {
      assertThat(source.positions()).isEqualTo(at("10"));
      assertThat(ids(source, at("9"), at("10"))).containsExactly("10");
      assertThat(asked(1)).isEqualTo("changed_since=9");
    }
    try (Source source = open("VARCHAR")) {
      assertThatThrownBy(source::positions)
          .hasMessageContaining(
              "the cursor 'at' has the value '9', which has no place in an order");
    }
    rows.clear();
    row(1, "a");
    row(2, "B");
    try (Source source = open("VARCHAR")) {
      assertThat(source.positions()).isEqualTo(at("a"));
    }
  }

  @Test
  void timesWithoutAZoneAreOfUtc() {
    row(1, "2026-01-31 11:00");
    row(2, "2026-01-31T13:00:00.25");
    try (Source source = open("TIMESTAMP")) {
      List<Position> first = source.positions();
      assertThat(first).isEqualTo(at("2026-01-31T11:00:00.000000"));
      date = "Sat, 31 Jan 2026 14:00:00 GMT";
      List<Position> second = source.positions(first, false, Cancellation.never());
      assertThat(ids(source, first, second)).containsExactly("2");
      source.positions(second, false, Cancellation.never());
    }
    assertThat(asked(1)).isEqualTo("changed_since=2026-01-31T11%3A00%3A00");
    assertThat(asked(3)).isEqualTo("changed_since=2026-01-31T13%3A00%3A00");
  }

  @Test
  void theNewestRowTellsWhereAllAre() {
    for (int i = 1; i <= 3; i++) {
      row(i, "2026-01-0%dT00:00:00Z".formatted(i));
    }
    try (Source source = open("TIMESTAMPTZ", "newest.sort=-at", "newest.limit=1")) {
      assertThat(source.positions()).isEqualTo(at("2026-01-03T00:00:00.000000Z"));
      assertThat(api.heads()).hasSize(1);
      assertThat(asked(0)).isEqualTo("limit=1&sort=-at");
      // If it may still get others of its time, the others are looked at.
      rows.clear();
      row(4, "2026-01-31T12:00:00Z");
      List<Position> known = at("2026-01-03T00:00:00.000000Z");
      assertThat(source.positions(known, false, Cancellation.never())).isEqualTo(known);
      assertThat(api.heads()).hasSize(3);
    }
  }

  @Test
  void refusesCursorsThatTellNothing() {
    rows.add("{\"id\": 1, \"at\": null}");
    try (Source source = open("TIMESTAMPTZ")) {
      assertThatThrownBy(source::positions)
          .hasMessageContaining("page 1: a row has no value in the cursor 'at'");
    }
    assertThatThrownBy(() -> open("BOOLEAN"))
        .hasMessage("Column 'at' cannot be the cursor: its type is BOOLEAN");
    assertThatThrownBy(() -> open("TIMESTAMPTZ", "cursor=att"))
        .hasMessage("The cursor 'att' is none of the `columns`");
    assertThatThrownBy(() -> open("BIGINT", "lag=PT1S")).hasMessageContaining("is no time");
  }

  @Test
  void withoutACursorThereIsNoPosition() {
    try (Source source = reading().open(Map.of("path", "/rows"), "id BIGINT")) {
      assertThat(source.positions(at("1"), false, Cancellation.never())).isEmpty();
    }
    assertThat(api.heads()).isEmpty();
  }
}

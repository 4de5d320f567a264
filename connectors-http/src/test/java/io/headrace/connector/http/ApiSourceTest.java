package io.headrace.connector.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.connector.Source;
import io.headrace.connector.Staged;
import io.headrace.connector.http.TestApi.Reply;
import io.headrace.engine.Cancellation;
import io.headrace.error.HeadraceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What rows become of what an API answers. */
class ApiSourceTest {
  @TempDir Path root;
  private TestApi api;
  private Reading reading;

  @BeforeEach
  void start() throws IOException {
    api = new TestApi();
    reading = Reading.of(root, api.url());
  }

  @AfterEach
  void stop() {
    api.close();
  }

  private List<String> rows(String json, String... columns) {
    api.json("/rows", json);
    return reading.rows("/rows", columns);
  }

  @Test
  void fieldsBecomeColumns() {
    assertThat(
            rows(
                """
                [{"id": 7, "name": "Ada, \\"the\\"\\nfirst", "other": [1, {"id": 8}]},
                 {"name": "", "id": null}, {},
                 {"name": {"a": [1, "é"], "b": null}, "id": 9007199254740993},
                 {"name": 1.50, "id": "12"}, {"name": "nul\\u0000l 🎉"}]
                """,
                "id BIGINT",
                "name VARCHAR"))
        .containsExactly(
            "7 | Ada, \"the\"\nfirst",
            "null | ",
            "null | null",
            "9007199254740993 | {\"a\":[1,\"é\"],\"b\":null}",
            "12 | 1.50",
            "null | nul\0l 🎉");
  }

  @Test
  void valuesAreExactOrRefusedByName() {
    record Case(String value, String type) {}
    for (Case wrong :
        List.of(
            new Case("1.5", "BIGINT"),
            new Case("3000000000", "INTEGER"),
            new Case("1.005", "DECIMAL(10,2)"),
            new Case("\"2026-02-30\"", "DATE"),
            new Case("\"2026-01-31T12:00:00\"", "TIMESTAMPTZ"),
            new Case("\"yes\"", "BOOLEAN"),
            new Case("1e400", "DOUBLE"),
            new Case("[1]", "BIGINT"))) {
      try (TestApi other = new TestApi()) {
        other.json("/rows", "[{\"v\": %s}]".formatted(wrong.value()));
        assertThatThrownBy(() -> Reading.of(root, other.url()).rows("/rows", "v " + wrong.type()))
            .isInstanceOf(HeadraceException.class)
            .hasMessage(
                "Cannot read from 'shop': %s/rows: page 1: column 'v' has the value '%s', which is"
                        .formatted(other.url(), wrong.value().replace("\"", ""))
                    + " not exactly a value of type "
                    + wrong.type());
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
  }

  @Test
  void rowsMayBeAnywhereInTheDocument() {
    api.json(
        "/rows",
        "{\"a\": {\"items\": [{\"id\": 9}]}, \"data\": {\"x\": 1, \"items\": [{\"id\": 1}, {\"id\": 2}]}}");
    assertThat(reading.rows(Map.of("path", "/rows", "records", "data.items"), "id BIGINT"))
        .containsExactly("1", "2");
    assertThatThrownBy(() -> reading.rows(Map.of("path", "/rows", "records", "items"), "id BIGINT"))
        .hasMessageContaining("there is no 'items' in its answer")
        .extracting(e -> ((HeadraceException) e).hint())
        .asString()
        .contains("a, data");
    assertThatThrownBy(() -> reading.rows("/rows", "id BIGINT"))
        .hasMessageContaining("its answer is no list");
    assertThatThrownBy(
            () -> reading.rows(Map.of("path", "/rows", "records", "data.x"), "id BIGINT"))
        .hasMessageContaining("'data.x' in its answer is no list");
  }

  @Test
  void nullStandsForNoRows() {
    api.json("/rows", "{\"items\": null}");
    assertThat(reading.rows(Map.of("path", "/rows", "records", "items"), "id BIGINT")).isEmpty();
    api.json("/deep", "{\"data\": null}");
    assertThat(reading.rows(Map.of("path", "/deep", "records", "data.items"), "id BIGINT"))
        .isEmpty();
  }

  @Test
  void listsWithinRowsBecomeRowsWithFieldsOfWhatTheyAreIn() {
    api.json(
        "/orders",
        """
        {"items": [{"id": 1, "customer": {"name": "Ada"}, "lines": [{"sku": "a", "parts": [{"n": 1}, {"n": 2}]}, {"sku": "b"}]},
                   {"id": 2, "lines": []}, {"id": 3},
                   {"lines": [{"sku": "c", "parts": [{"n": 3}]}], "id": 4}]}
        """);
    assertThat(
            reading.rows(
                Map.of(
                    "path", "/orders",
                    "records", "items[].lines",
                    "fields.order", "^.id",
                    "fields.customer", "^.customer.name"),
                "order BIGINT",
                "customer VARCHAR",
                "sku VARCHAR"))
        .containsExactly("1 | Ada | a", "1 | Ada | b", "4 | null | c");
    assertThat(
            reading.rows(
                Map.of(
                    "path", "/orders",
                    "records", "items[].lines[].parts[]",
                    "fields.order", "^.^.id",
                    "fields.sku", "^.sku"),
                "order BIGINT",
                "sku VARCHAR",
                "n BIGINT"))
        .containsExactly("1 | a | 1", "1 | a | 2", "4 | c | 3");
    assertThatThrownBy(
            () ->
                reading.rows(
                    Map.of("path", "/orders", "records", "items", "fields.id", "^.id"),
                    "id BIGINT"))
        .hasMessageContaining("further out than the rows are in");
  }

  @Test
  void readsLinesOfJson() {
    api.answer(
        "/rows",
        request ->
            Reply.of(200, "application/x-ndjson", "{\"id\": 1}\n\n{\"id\": 2}\n{\"id\": 3}"));
    assertThat(reading.rows(Map.of("path", "/rows", "format", "ndjson"), "id BIGINT"))
        .containsExactly("1", "2", "3");
  }

  @Test
  void readsCsv() {
    api.answer(
        "/rows",
        request ->
            Reply.of(
                200,
                "text/csv; charset=utf-8",
                "\uFEFFid,\"full, name\",x\r\n1,\"Ada \"\"the\"\"\r\nfirst\",y\n2,,\n3,\"\",z"));
    assertThat(
            reading.rows(
                Map.of("path", "/rows", "format", "csv", "fields.name", "full, name"),
                "name VARCHAR",
                "id BIGINT"))
        .containsExactly("Ada \"the\"\r\nfirst | 1", "null | 2", " | 3");
    assertThatThrownBy(() -> reading.rows(Map.of("path", "/rows", "format", "csv"), "nmae VARCHAR"))
        .hasMessageContaining("its answer has no column 'nmae'");
  }

  @Test
  void refusesCsvThatIsNone() {
    for (String wrong : List.of("id\n1,2", "id\n\"1\"x", "id\n\"1", "id\n1\"", "", "id,id\n1,2")) {
      try (TestApi other = new TestApi()) {
        other.answer("/rows", request -> Reply.of(200, "text/csv", wrong));
        assertThatThrownBy(
                () ->
                    Reading.of(root, other.url())
                        .rows(Map.of("path", "/rows", "format", "csv"), "id BIGINT"))
            .isInstanceOf(HeadraceException.class)
            .hasMessageStartingWith("Cannot read from 'shop': ");
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
  }

  @Test
  void readsOtherCharsets() {
    api.answer(
        "/rows",
        request ->
            new Reply(
                200,
                Map.of("Content-Type", "text/csv; charset=\"ISO-8859-1\""),
                "name\n\u00e9",
                java.nio.charset.StandardCharsets.ISO_8859_1));
    assertThat(reading.rows(Map.of("path", "/rows", "format", "csv"), "name VARCHAR"))
        .containsExactly("é");
  }

  @Test
  void sendsParameters() {
    api.json("/v1/rows", "[]");
    Reading.of(root, api.url() + "/v1/")
        .rows(Map.of("path", "/rows", "parameters.status", "a & b=ü+1"), "id BIGINT");
    assertThat(api.requests()).hasSize(1);
    assertThat(api.requests().get(0).query()).isEqualTo(Map.of("status", "a & b=ü+1"));
    assertThat(api.requests().get(0).path()).isEqualTo("/v1/rows");
    assertThat(api.requests().get(0).header("User-Agent")).isEqualTo("headrace");
    assertThat(api.requests().get(0).header("Accept")).isEqualTo("application/json");
  }

  @Test
  void leavesNoFileButItsRows() throws IOException {
    api.json("/rows", "[{\"id\": 1}]");
    try (Source source = reading.open(Map.of("path", "/rows"), "id BIGINT")) {
      Staged staged = reading.stage(source, List.of(), List.of(), Cancellation.never());
      try (Stream<Path> files = Files.list(staged.files().get(0).resolveSibling(""))) {
        assertThat(files).containsExactlyElementsOf(staged.files());
      }
    }
  }

  @Test
  void refusesHalfOfACharacter() {
    assertThatThrownBy(() -> rows("[{\"name\": \"\\ud83c\"}]", "name VARCHAR"))
        .hasMessageContaining("column 'name' has half of a character in it");
  }

  @Test
  void refusesADocumentThatIsReadInTwoWays() {
    assertThatThrownBy(() -> rows("[{\"id\": 1, \"id\": 2}]", "id BIGINT"))
        .hasMessageContaining("Duplicate");
    api.json("/twice", "{\"items\": [{\"id\": 1}], \"items\": []}");
    assertThatThrownBy(
            () -> reading.rows(Map.of("path", "/twice", "records", "items"), "id BIGINT"))
        .hasMessageContaining("Duplicate");
    api.json("/more", "[{\"id\": 1}] [{\"id\": 2}]");
    assertThatThrownBy(() -> reading.rows("/more", "id BIGINT"))
        .hasMessageContaining("something follows the document");
    api.json("/scalars", "[1]");
    assertThatThrownBy(() -> reading.rows("/scalars", "id BIGINT"))
        .hasMessageContaining("row 1 is no object");
  }
}

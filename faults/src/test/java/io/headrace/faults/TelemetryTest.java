package io.headrace.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.headrace.faults.Receiver.Received;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What OpenTelemetry and OpenLineage are sent of runs, by processes whose variables ask for it. */
class TelemetryTest {
  private static final String PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  @TempDir Path folder;

  @SuppressWarnings("NullAway.Init") // before each test
  private TestProject project;

  @SuppressWarnings("NullAway.Init") // before each test
  private Receiver receiver;

  @BeforeEach
  void receive() throws IOException {
    receiver = new Receiver();
    project =
        new TestProject(folder.resolve("shop"))
            .write("headrace.yaml", "name: shop\n")
            .write("tables/orders.csv", "customer,amount\n7,20.00\n8,5.50\n")
            .table(
                "revenue",
                "/*---\ndescription: Money.\nchecks: [total > 0]\n---*/\n"
                    + "SELECT customer, sum(amount) AS total FROM orders GROUP BY customer");
  }

  @AfterEach
  void stop() {
    receiver.close();
  }

  /** Runs with variables; returns what was printed for people. */
  private String run(int code, String... variables) {
    String prologue = "export " + String.join(" ", variables);
    try (Child child =
        ChildJvms.prepared()
            .startAfter(prologue, project.root(), "io.headrace.cli.Main", "run", "--quiet")) {
      int exit = child.finish();
      assertThat(exit).as(child.errors()).isEqualTo(code);
      return child.errors();
    }
  }

  private Map<String, Span> spans() throws IOException {
    Map<String, Span> spans = new TreeMap<>();
    for (Received received : receiver.all()) {
      assertThat(received.path()).isEqualTo("/v1/traces");
      ExportTraceServiceRequest request = ExportTraceServiceRequest.parseFrom(received.body());
      request.getResourceSpansList().stream()
          .flatMap(resource -> resource.getScopeSpansList().stream())
          .flatMap(scope -> scope.getSpansList().stream())
          .forEach(span -> spans.put(span.getName(), span));
    }
    return spans;
  }

  private Span span(String name) throws IOException {
    return Optional.ofNullable(spans().get(name)).orElseThrow();
  }

  private static String attribute(Span span, String key) {
    return span.getAttributesList().stream()
        .filter(attribute -> attribute.getKey().equals(key))
        .map(attribute -> attribute.getValue())
        .map(value -> value.hasStringValue() ? value.getStringValue() : "" + value.getIntValue())
        .findFirst()
        .orElse("");
  }

  @Test
  void aTraceHasTheRunAndItsTables() throws IOException {
    run(0, "OTEL_EXPORTER_OTLP_ENDPOINT=" + receiver.address(), "TRACEPARENT=" + PARENT);
    assertThat(spans()).containsOnlyKeys("run shop", "build orders", "build revenue");
    Span run = span("run shop");
    assertThat(HexFormat.of().formatHex(run.getTraceId().toByteArray()))
        .isEqualTo("0af7651916cd43dd8448eb211c80319c");
    assertThat(HexFormat.of().formatHex(run.getParentSpanId().toByteArray()))
        .isEqualTo("b7ad6b7169203331");
    assertThat(attribute(run, "headrace.environment")).isEqualTo("main");
    assertThat(attribute(run, "headrace.state")).isEqualTo("published");
    assertThat(attribute(run, "headrace.commit")).isEqualTo("1");
    Span revenue = span("build revenue");
    assertThat(revenue.getParentSpanId()).isEqualTo(run.getSpanId());
    assertThat(attribute(revenue, "headrace.outcome")).isEqualTo("built");
    assertThat(attribute(revenue, "headrace.rows")).isEqualTo("2");
    assertThat(revenue.getEventsList()).extracting(Span.Event::getName).contains("check");
    assertThat(revenue.getEndTimeUnixNano()).isGreaterThan(revenue.getStartTimeUnixNano());
  }

  @Test
  void aTraceSaysWhatFailed() throws IOException {
    project.table("broken", "SELECT CAST(error('no such luck') AS INTEGER) AS x");
    run(1, "OTEL_EXPORTER_OTLP_ENDPOINT=" + receiver.address());
    Span broken = span("build broken");
    assertThat(broken.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_ERROR);
    assertThat(broken.getStatus().getMessage()).contains("no such luck");
    Span run = span("run shop");
    assertThat(run.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_ERROR);
  }

  private List<JsonNode> events() throws IOException {
    List<JsonNode> events = new ArrayList<>();
    for (Received received : receiver.all()) {
      assertThat(received.path()).isEqualTo("/api/v1/lineage");
      assertThat(received.authorization()).isEqualTo("Bearer s3cret");
      events.add(new ObjectMapper().readTree(received.body().array()));
    }
    return events;
  }

  private static JsonNode find(List<JsonNode> events, String type, String job) {
    return events.stream()
        .filter(event -> event.path("eventType").asText().equals(type))
        .filter(event -> event.path("job").path("name").asText().equals(job))
        .findFirst()
        .orElseThrow(() -> new AssertionError("No %s of %s in %s".formatted(type, job, events)));
  }

  @Test
  void lineageHasTablesColumnsAndChecks() throws IOException {
    run(0, "OPENLINEAGE_URL=" + receiver.address(), "OPENLINEAGE_API_KEY=s3cret");
    List<JsonNode> events = events();
    JsonNode run = find(events, "COMPLETE", "shop.main");
    JsonNode built = find(events, "COMPLETE", "shop.main.revenue");
    assertThat(find(events, "START", "shop.main.revenue").at("/run/runId"))
        .isEqualTo(built.at("/run/runId"));
    assertThat(built.at("/run/facets/parent/run/runId")).isEqualTo(run.at("/run/runId"));
    assertThat(built.at("/job/facets/sql/query").asText()).contains("GROUP BY customer");
    assertThat(built.at("/job/facets/documentation/description").asText()).isEqualTo("Money.");
    assertThat(built.at("/inputs/0/name").asText()).isEqualTo("main.orders");
    JsonNode output = built.at("/outputs/0");
    assertThat(output.at("/namespace").asText()).isEqualTo("shop");
    assertThat(output.at("/name").asText()).isEqualTo("main.revenue");
    assertThat(output.at("/outputFacets/outputStatistics/rowCount").asLong()).isEqualTo(2);
    assertThat(output.at("/facets/schema/fields/1/name").asText()).isEqualTo("total");
    assertThat(output.at("/facets/version/datasetVersion").asText()).hasSize(32);
    assertThat(output.at("/facets/columnLineage/fields/total/inputFields/0/field").asText())
        .isEqualTo("amount");
    JsonNode checks = find(events, "COMPLETE", "shop.main.revenue.checks");
    JsonNode assertion = checks.at("/inputs/0/inputFacets/dataQualityAssertions/assertions/0");
    assertThat(assertion.at("/assertion").asText()).contains("total > 0");
    assertThat(assertion.at("/success").asBoolean()).isTrue();
    assertThat(find(events, "COMPLETE", "shop.main.orders").at("/inputs/0/name").asText())
        .endsWith("shop/tables/orders.csv");
  }

  @Test
  void lineageSaysWhatFailed() throws IOException {
    project.table("broken", "SELECT CAST(error('no such luck') AS INTEGER) AS x");
    run(1, "OPENLINEAGE_URL=" + receiver.address(), "OPENLINEAGE_API_KEY=s3cret");
    JsonNode failed = find(events(), "FAIL", "shop.main.broken");
    assertThat(failed.at("/run/facets/errorMessage/message").asText()).contains("no such luck");
    find(events(), "FAIL", "shop.main");
  }

  @Test
  void whoeverCannotBeToldKeepsNothingFromBeingPublished() {
    String said =
        run(
            0,
            "OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:1",
            "OPENLINEAGE_URL=http://127.0.0.1:1",
            "OPENLINEAGE_API_KEY=s3cret");
    assertThat(said)
        .contains("could not be sent to OpenTelemetry")
        .contains("could not be sent to OpenLineage")
        .doesNotContain("s3cret", "\tat ");
    assertThat(run(0, "OPENLINEAGE_URL=nonsense", "OTEL_TRACES_EXPORTER=nonsense"))
        .contains("warning: Runs are not sent to OpenTelemetry: ")
        .containsPattern("warning: .* OpenLineage: ")
        .doesNotContain("\tat ");
  }
}

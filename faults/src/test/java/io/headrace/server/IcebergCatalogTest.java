package io.headrace.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.engine.Cancellation;
import io.headrace.faults.TestProject;
import io.headrace.server.iceberg.IcebergCatalog;
import io.headrace.server.runs.Order;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.exceptions.NoSuchNamespaceException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.exceptions.NoSuchWarehouseException;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.rest.RESTCatalog;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Iceberg's own client reads what is served. */
class IcebergCatalogTest {
  private static final TableIdentifier NUMBERS = TableIdentifier.of("default", "numbers");

  @TempDir Path folder;

  @SuppressWarnings("NullAway.Init") // before each test
  private TestProject project;

  @SuppressWarnings("NullAway.Init") // before each test
  private Site site;

  @BeforeEach
  void serve() {
    project =
        new TestProject(folder.resolve("shop"))
            .write("tables/numbers.csv", "n\n1\n2\n")
            .table("marts/doubled", "SELECT n * 2 AS n FROM numbers");
    site = new Site(project, IcebergCatalog::routes);
    run();
  }

  @AfterEach
  void stop() {
    site.close();
  }

  private void run() {
    assertThat(
            site.serving()
                .project()
                .run(Order.of("ada"), Cancellation.never())
                .result()
                .orElseThrow())
        .matches(result -> result.isGood());
  }

  private RESTCatalog open(String path) {
    RESTCatalog catalog = new RESTCatalog();
    catalog.initialize(
        "headrace",
        Map.of(
            "uri",
            site.address() + "/iceberg/" + path,
            "io-impl",
            "org.apache.iceberg.hadoop.HadoopFileIO"));
    return catalog;
  }

  private static List<Object> rows(Table table) throws IOException {
    List<Object> values = new ArrayList<>();
    try (CloseableIterable<Record> records = IcebergGenerics.read(table).build()) {
      records.forEach(record -> values.add(record.get(0)));
    }
    return values;
  }

  @Test
  void tablesAreListedAndRead() throws IOException {
    for (String path : List.of("main", "shop/main")) {
      try (RESTCatalog catalog = open(path)) {
        assertThat(catalog.listNamespaces())
            .containsExactly(Namespace.of("default"), Namespace.of("marts"));
        assertThat(catalog.listTables(Namespace.of("marts")))
            .containsExactly(TableIdentifier.of("marts", "doubled"));
        assertThat(rows(catalog.loadTable(NUMBERS))).containsExactlyInAnyOrder(1L, 2L);
        assertThat(rows(catalog.loadTable(TableIdentifier.of("marts", "doubled"))))
            .containsExactlyInAnyOrder(2L, 4L);
      }
    }
  }

  @Test
  void aCommitStaysWhatItWas() throws IOException {
    project.write("tables/numbers.csv", "n\n3\n");
    run();
    try (RESTCatalog head = open("main");
        RESTCatalog before = open("main@1")) {
      assertThat(rows(head.loadTable(NUMBERS))).containsExactly(3L);
      assertThat(rows(before.loadTable(NUMBERS))).containsExactlyInAnyOrder(1L, 2L);
    }
  }

  @Test
  void whatIsNotThereIsSaid() throws IOException {
    try (RESTCatalog catalog = open("main")) {
      assertThat(catalog.tableExists(NUMBERS)).isTrue();
      assertThat(catalog.tableExists(TableIdentifier.of("default", "no"))).isFalse();
      assertThat(catalog.namespaceExists(Namespace.of("no"))).isFalse();
      assertThatThrownBy(() -> catalog.loadTable(TableIdentifier.of("default", "no")))
          .isInstanceOf(NoSuchTableException.class);
      assertThatThrownBy(() -> catalog.listTables(Namespace.of("no")))
          .isInstanceOf(NoSuchNamespaceException.class);
    }
    assertThatThrownBy(() -> open("nowhere"))
        .isInstanceOf(NoSuchWarehouseException.class)
        .hasMessageContaining("Unknown environment 'nowhere'");
  }

  @Test
  void aFileThatIsGoneIsNoEmptyAnswer() throws IOException {
    try (Stream<Path> files = Files.walk(project.warehouse().resolve("numbers"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".json")).toList()) {
        Files.delete(file);
      }
    }
    HttpResponse<String> answer = site.get("/iceberg/main/v1/namespaces/default/tables/numbers");
    assertThat(answer.statusCode()).isEqualTo(500);
    assertThat(answer.body()).contains("InternalServerError", "cannot read or write");
  }

  @Test
  void nothingCanBeWritten() throws IOException {
    try (RESTCatalog catalog = open("main")) {
      Table table = catalog.loadTable(NUMBERS);
      assertThatThrownBy(() -> table.updateProperties().set("a", "b").commit())
          .isInstanceOf(Exception.class);
      assertThatThrownBy(() -> catalog.dropTable(NUMBERS)).isInstanceOf(Exception.class);
      assertThatThrownBy(() -> catalog.createNamespace(Namespace.of("new")))
          .isInstanceOf(Exception.class);
    }
    assertThat(site.serving().workspace().catalog().environments().log("main", 9)).hasSize(1);
  }
}

package io.headrace.project;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.headrace.access.AccessReader;
import io.headrace.connector.Connection;
import io.headrace.error.Location;
import io.headrace.error.Problems;
import io.headrace.table.TableName;
import io.headrace.yaml.YamlDocument;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The published schemas say what the readers accept: no key more, no key less. */
class SchemasTest {
  private static final Path FOLDER = Path.of("../docs/reference/schemas");
  private static final List<Path> PROJECTS =
      List.of(
          Path.of("../examples/flights"),
          Path.of("../examples/clickstream"),
          Path.of("../cli/src/main/resources/io/headrace/cli/init"));
  private static final String BASE = "https://schemas.invalid/";
  private static final SchemaRegistry REGISTRY =
      SchemaRegistry.withDefaultDialect(
          SpecificationVersion.DRAFT_2020_12, builder -> builder.schemas(texts()));

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("files")
  void acceptTheFilesOfTheProjects(String schema, Path file) throws IOException {
    assertThat(mistakes(schema, yaml(file))).isEmpty();
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "task | {descripton: x}",
        "task | {retries: many}",
        "task | {retries: 101}",
        "task | {timeout: soon}",
        "task | {checks: {not_null: a}}",
        "task | {checks: [{not_null: a, unique: b}]}",
        "task | {checks: [{severity: warn}]}",
        "task | {checks: [{unique: a, severity: warning}]}",
        "task | {checks: [{unique: a, max_failures: 120%}]}",
        "task | {checks: [{row_count: {}}]}",
        "task | {checks: [{freshness: {column: a}}]}",
        "task | {foreach: [a, b]}",
        "task | {reject: a > 0}",
        "task | {reject: {rule: a > 0}}",
        "task | {reject: [{name: a}]}",
        "task | {reject: {rules: [a > 0], at_most: 101%}}",
        "source | {kafka: x, reject: {most: 1}}",
        "source | {description: x}",
        "source | {files: a.csv, foreach: SELECT 1}",
        "source | {files: a.csv, format: cvs}",
        "source | {api: shop, path: /a}",
        "source | {api: shop, columns: {id: BIGINT}}",
        "source | {api: shop, path: /a, columns: {id: BIGINT}, format: xml}",
        "source | {api: shop, path: /a, columns: {id: BIGINT}, table: a}",
        "source | {api: shop, path: /a, columns: {id: BIGINT}, since: a}",
        "source | {api: shop, path: /a, columns: {id: BIGINT}, pages: next}",
        "source | {api: shop, path: /a, columns: {id: BIGINT}, pages: {kind: next}}",
        "source | {api: shop, path: /a, columns: {id: BIGINT}, pages: {kind: link, url: a}}",
        "source | {api: shop, path: /a, columns: {id: BIGINT}, pages: {kind: page, size: 5}}",
        "source | {files: a.csv, path: /a}",
        "source | {kafka: x, topic: a, format: text, start: {}}",
        "source | {kafka: x, topic: a, format: avro}",
        "source | {kafka: x, topic: a, format: avro, registry: r}",
        "source | {kafka: x, topic: a, columns: {id: BIGINT}, schema: a.avsc}",
        "source | {kafka: x, topic: a, format: text, registry: r}",
        "source | {kafka: x, topic: a, format: protobuf}",
        "source | {kafka: x, topic: a, format: protobuf, registry: r, message: a.B}",
        "source | {kafka: x, topic: a, format: avro, schema: a.avsc, message: a.B}",
        "source | {kafka: x, topic: a, columns: {id: BIGINT}, message: a.B}",
        "source | {files: a.csv, schema: a.avsc}",
        "source | {kafka: x, topic: a, format: text, start: {offsets: {0: -1}}}",
        "source | {kafka: x, topic: a, format: text, start: {offsets: {first: 1}}}",
        "source | {database: shop, table: orders, parallel: 4}",
        "source | {database: shop, table: orders, parallel: {by: id}}",
        "source | {database: shop, table: orders, parallel: {by: id, parts: 1}}",
        "source | {files: a.csv, parallel: {by: id, parts: 4}}",
        "headrace | {keep: forever}",
        "headrace | {parameters: {since-day: 1}}",
        "headrace | {defaults: {retry: 1}}",
        "headrace | {schedules: {a: {}}}",
        "headrace | {schedules: {A: {every: 1h}}}",
        "headrace | {schedules: {a: {every: 1h, cron: 0 3 * * *}}}",
        "headrace | {schedules: {a: {every: 1h, timezone: UTC}}}",
        "headrace | {schedules: {a: {every: soon}}}",
        "headrace | {schedules: {a: {every: 1h, catch_up: some}}}",
        "headrace | {schedules: {a: {every: 1h, priority: high}}}",
        "headrace | {schedules: {a: {every: 1h, settle: 1m}}}",
        "headrace | {schedules: {a: {every: 1h, deadline: 1h}}}",
        "headrace | {schedules: {a: {every: 1h, wait_for: {table: a}, late: run}}}",
        "headrace | {schedules: {a: {every: 1h, wait_for: {table: a}, deadline: 1h, late: a}}}",
        "headrace | {schedules: {a: {every: 1h, wait_for: {table: a, file: b}}}}",
        "headrace | {schedules: {a: {every: 1h, wait_for: {table: 'a*'}}}}",
        "headrace | {schedules: {a: {every: 1h, wait_for: {file: a, newer_than: 1h}}}}",
        "headrace | {schedules: {a: {every: 1h, wait_for: {table: a, settle: 1h}}}}",
        "headrace | {schedules: {a: {on: {}}}}",
        "headrace | {schedules: {a: {on: {tables: A}}}}",
        "headrace | {schedules: {a: {on: {tables: a, webhook: true}}}}",
        "headrace | {schedules: {a: {on: {webhook: false}}}}",
        "headrace | {schedules: {a: {on: {webhook: true}, wait_for: {table: a}}}}",
        "headrace | {schedules: {a: {on: {tables: a}, every: 1h}}}",
        "headrace | {schedules: {a: {every: 1h, on_holiday: skip}}}",
        "headrace | {calendars: {x: [2026-12-25]}, schedules: {a: {follow: 1h, except: x}}}",
        "headrace | {calendars: {x: [25.12.]}}",
        "headrace | {calendars: {x: []}, schedules: {a: {every: 1h, except: x, on_holiday: a}}}",
        "headrace | {pools: {a: 0}}",
        "headrace | {alerts: {a: {}}}",
        "headrace | {alerts: {a: {webhook: 'ftp://a'}}}",
        "headrace | {alerts: {a: {webhook: {env: A, file: b}}}}",
        "headrace | {alerts: {a: {slack: 'https://example.com/secret'}}}",
        "headrace | {alerts: {a: {webhook: {env: A}, slack: {env: B}}}}",
        "headrace | {alerts: {a: {email: {to: a@b.c, from: a@b.c}}}}",
        "headrace | {alerts: {a: {email: {to: nobody, from: a@b.c, server: 'smtp://m:25'}}}}",
        "headrace | {alerts: {a: {email: {to: a@b.c, from: a@b.c, server: 'http://m:25'}}}}",
        "headrace | {alerts: {a: {email: {to: a@b.c, from: a@b.c, server: 'smtp://m', user: u}}}}",
        "headrace | {alerts: {a: {webhook: {env: A}, on: [broken]}}}",
        "headrace | {alerts: {a: {webhook: {env: A}, remind: often}}}",
        "headrace | {freshness: {a: old}}",
        "headrace | {freshness: {a-b: 1h}}",
        "test | [{name: x}]",
        "test | [{name: x, expect: [], given: {Orders: []}}]",
        "access | {grant: []}",
        "access | {grants: [{who: ada}]}",
        "access | {grants: [{who: ada, role: owner}]}",
        "access | {grants: [{who: Ada, role: viewer}]}",
        "access | {grants: [{who: 'user:ada', role: viewer}]}",
        "access | {grants: [{who: ada, role: viewer, tables: [a]}]}",
        "access | {grants: [{who: ada, role: viewer, schemas: 'a b'}]}",
        "access | {filters: [{table: a}]}",
        "access | {filters: [{rows: a > 1}]}",
        "access | {masks: [{table: a}]}",
        "access | {masks: [{table: a, column: b, with: c}]}",
        "access | {oidc: {issuer: 'https://a', client: b}}",
        "access | {oidc: {issuer: 'https://a', client: b, secret: c}}",
        "access | {oidc: {issuer: 'http://a', client: b, secret: {env: C}}}",
        "access | {sessions: {idle: long}}",
        "access | {audit: {keep: for ever}}",
        "rule | {checks: []}",
        "export | {table: orders}",
        "export | {file: a.csv}",
        "export | {table: orders, file: a.xls}",
        "export | {table: orders, file: a.csv, mode: append}",
        "export | {table: orders, file: a.csv, into: a}",
        "export | {table: orders, database: shop}",
        "export | {table: orders, database: shop, into: a, file: a.csv}",
        "export | {table: orders, database: shop, into: a, mode: upsert}",
        "export | {table: orders, database: shop, into: a, key: id}",
        "export | {table: orders, database: shop, into: a, otherwise: swap}",
        "export | {table: orders, database: shop, into: a, topic: a}",
        "export | {table: orders, database: shop, kafka: shop, into: a, topic: a}",
        "export | {table: orders, kafka: shop, mode: append}",
        "export | {table: orders, api: shop, path: /a}",
        "export | {table: orders, api: shop, mode: append}",
        "export | {table: orders, api: shop, path: a, mode: append}",
        "export | {table: orders, api: shop, path: /a, mode: swap}",
        "export | {table: orders, api: shop, path: /a, mode: append, method: DELETE}",
        "export | {table: orders, api: shop, path: /a, mode: append, format: csv}",
        "export | {table: orders, api: shop, path: /a, mode: append, batch: 0}",
        "export | {table: orders, api: shop, path: /a, mode: append, deletes: flag}",
        "export | {table: orders, api: shop, path: /a, mode: append, version: '/a?b=c'}",
        "export | {table: orders, api: shop, path: /a, mode: upsert, key: id, deletes: id}",
        "export | {table: orders, database: shop, into: a, batch: 2}",
        "export | {table: orders, file: a.csv, path: /a}",
        "export | {table: orders, kafka: shop, topic: a}",
        "export | {table: orders, kafka: shop, topic: a, mode: swap}",
        "export | {table: orders, kafka: shop, topic: a, mode: upsert}",
      })
  void refuseWhatTheReadersRefuse(String schema, String yaml) {
    assertThat(mistakes(schema, yaml)).isNotEmpty();
    Problems problems = new Problems();
    read(schema, yaml, problems);
    assertThat(problems.list()).isNotEmpty();
  }

  static Stream<Object[]> files() throws IOException {
    List<Object[]> found = new ArrayList<>();
    for (Path project : PROJECTS) {
      try (Stream<Path> below = Files.walk(project)) {
        below
            .filter(file -> !project.relativize(file).startsWith(".headrace"))
            .filter(file -> file.toString().matches(".*\\.(sql|yaml)"))
            .sorted()
            .forEach(file -> found.add(new Object[] {schemaOf(project.relativize(file)), file}));
      }
    }
    assertThat(found).hasSizeGreaterThan(10);
    return found.stream();
  }

  private static String schemaOf(Path file) {
    String place = file.getNameCount() == 1 ? "" : file.getName(0).toString();
    return switch (place) {
      case "" -> "headrace";
      case "checks" -> "rule";
      case "tests" -> "test";
      case "exports" -> "export";
      default -> file.toString().endsWith(".sql") ? "task" : "source";
    };
  }

  private static String yaml(Path file) throws IOException {
    String text = Files.readString(file);
    return file.toString().endsWith(".sql")
        ? FrontMatter.find(text).map(FrontMatter::yaml).orElse("{}")
        : text;
  }

  /** Reads as the project's reader does. */
  private static void read(String schema, String yaml, Problems problems) {
    TableName name = TableName.parse("orders");
    switch (schema) {
      case "task" ->
          new TaskReader(new TreeMap<>(), FOLDER, problems)
              .sql(name, "a.sql", "/*---\n" + yaml + "\n---*/ SELECT 1");
      case "source" ->
          new TaskReader(new TreeMap<>(), FOLDER, problems).source(name, "a.yaml", yaml);
      case "headrace" -> SettingsReader.read("folder", yaml, problems);
      case "export" ->
          new ExportReader(Set.of(name), shop(), problems).read("exports/a.yaml", yaml);
      case "access" -> AccessReader.read(yaml, problems);
      case "test" -> new TestReader(Set.of(name), problems).read("a.yaml", "orders", yaml);
      default ->
          YamlDocument.parse("a.sql", yaml, 1, problems)
              .ifPresent(value -> value.map(ProjectReader.RULE_KEYS));
    }
  }

  private static SortedMap<String, Connection> shop() {
    Location at = new Location("headrace.yaml", 1, 1);
    return new TreeMap<>(Map.of("shop", new Connection("shop", new TreeMap<>(), at)));
  }

  private static List<String> mistakes(String schema, String yaml) {
    Object value = YamlDocument.parse("a.yaml", yaml, 1, new Problems()).orElseThrow().plain();
    Schema loaded = REGISTRY.getSchema(SchemaLocation.of(BASE + schema + ".schema.json"));
    return loaded.validate(json(value), InputFormat.JSON).stream().map(Objects::toString).toList();
  }

  /** JSON of a value as the YAML reader gives it. */
  private static String json(@Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      return map.entrySet().stream()
          .map(entry -> json(String.valueOf(entry.getKey())) + ":" + json(entry.getValue()))
          .collect(Collectors.joining(",", "{", "}"));
    }
    if (value instanceof List<?> list) {
      return list.stream().map(SchemasTest::json).collect(Collectors.joining(",", "[", "]"));
    }
    if (value instanceof String text) {
      String escaped = text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
      return '"' + escaped + '"';
    }
    return String.valueOf(value);
  }

  private static Map<String, String> texts() {
    Map<String, String> texts = new HashMap<>();
    try (Stream<Path> files = Files.list(FOLDER)) {
      for (Path file : files.toList()) {
        texts.put(BASE + file.getFileName(), Files.readString(file));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return texts;
  }
}

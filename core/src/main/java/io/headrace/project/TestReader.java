package io.headrace.project;

import io.headrace.error.NearestWord;
import io.headrace.error.Problems;
import io.headrace.table.TableName;
import io.headrace.yaml.YamlDocument;
import io.headrace.yaml.YamlMap;
import io.headrace.yaml.YamlValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads a file of {@code tests/}: a list of tests of one table's query. */
final class TestReader {
  static final List<String> KEYS = List.of("name", "table", "given", "expect", "parameters");

  private final Set<TableName> tables;
  private final Problems problems;

  TestReader(Set<TableName> tables, Problems problems) {
    this.tables = tables;
    this.problems = problems;
  }

  /**
   * Reads a file.
   *
   * @param tableByFile the table that the file's place below {@code tests/} means
   */
  List<UnitTest> read(String file, String tableByFile, String text) {
    List<UnitTest> tests = new ArrayList<>();
    Optional<YamlValue> yaml = YamlDocument.parse(file, text, 1, problems);
    for (YamlValue value : yaml.map(YamlValue::oneOrMore).orElse(List.of())) {
      YamlMap map = value.map(KEYS);
      Optional<TableName> table =
          map.has("table") ? map.find("table").flatMap(this::table) : table(value, tableByFile);
      Optional<String> name = map.require("name").flatMap(YamlValue::text);
      Optional<YamlValue> expect = map.require("expect");
      if (table.isPresent() && name.isPresent() && expect.isPresent()) {
        tests.add(
            new UnitTest(
                name.get(),
                table.get(),
                given(map),
                rows(expect.get()),
                parameters(map),
                value.at()));
      }
    }
    return tests;
  }

  private SortedMap<TableName, List<Map<String, @Nullable Object>>> given(YamlMap map) {
    SortedMap<TableName, List<Map<String, @Nullable Object>>> given = new TreeMap<>();
    for (Map.Entry<YamlValue, YamlValue> pair :
        map.find("given").map(YamlValue::pairs).orElse(List.of())) {
      table(pair.getKey()).ifPresent(table -> given.put(table, rows(pair.getValue())));
    }
    return given;
  }

  private static List<Map<String, @Nullable Object>> rows(YamlValue list) {
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    for (YamlValue row : list.list()) {
      Map<String, @Nullable Object> values = new LinkedHashMap<>();
      row.entries().forEach((column, value) -> values.put(column, value.plain()));
      rows.add(values);
    }
    return rows;
  }

  private static SortedMap<String, String> parameters(YamlMap map) {
    SortedMap<String, String> parameters = new TreeMap<>();
    map.find("parameters")
        .map(YamlValue::entries)
        .orElse(Map.of())
        .forEach((name, value) -> value.text().ifPresent(text -> parameters.put(name, text)));
    return parameters;
  }

  private Optional<TableName> table(YamlValue name) {
    return name.text().flatMap(text -> table(name, text));
  }

  private Optional<TableName> table(YamlValue at, String text) {
    Optional<TableName> known =
        tables.stream().filter(table -> table.toString().equals(text)).findFirst();
    if (known.isEmpty()) {
      List<String> names = tables.stream().map(TableName::toString).toList();
      at.problem(
          "Unknown table '%s'".formatted(text),
          NearestWord.hint(text, names, "A test belongs to a file of tables/"));
    }
    return known;
  }
}

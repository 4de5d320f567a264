package io.headrace.engine.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.engine.Cancellation;
import io.headrace.engine.Query.Select;
import io.headrace.engine.QueryException;
import io.headrace.engine.Session;
import io.headrace.engine.Session.ExportFormat;
import io.headrace.error.HeadraceException;
import io.headrace.table.Column;
import io.headrace.table.ColumnType;
import io.headrace.table.ColumnType.ListOf;
import io.headrace.table.ColumnType.MapOf;
import io.headrace.table.ColumnType.Primitive;
import io.headrace.table.ColumnType.StructOf;
import io.headrace.table.TableData;
import io.headrace.table.TableName;
import io.headrace.table.TableSchema;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SessionTest extends WithSession {
  private static TableName name(String text) {
    return TableName.parse(text);
  }

  @Test
  void aBoundVersionIsReadUnderItsName() {
    session.bind(name("a"), warehouse.write("SELECT 1 AS x"));
    session.bind(name("marts.a"), warehouse.write("SELECT 2 AS x"));
    session.bind(name("main.a"), warehouse.write("SELECT 3 AS x"));
    assertThat(warehouse.rows("FROM a")).containsExactly("[1]");
    assertThat(warehouse.rows("SELECT x FROM Marts.A")).containsExactly("[2]");
    assertThat(warehouse.rows("FROM main.a")).containsExactly("[3]");
    assertThat(warehouse.rows("SELECT a.x, b.x FROM a, marts.a AS b")).containsExactly("[1, 2]");
  }

  @Test
  void aTableOfTheSchemaMainIsNotOneWithoutSchema() {
    session.bind(name("main.only"), warehouse.write("SELECT 1 AS x"));
    assertThatThrownBy(() -> warehouse.rows("FROM only")).isInstanceOf(QueryException.class);
  }

  @Test
  void bindingAgainReplacesWhatTheNameMeant() {
    TableData one = warehouse.write("SELECT 1 AS x");
    session.bind(name("s.a"), one);
    assertThat(warehouse.rows("FROM s.a")).containsExactly("[1]");
    session.bind(name("s.a"), warehouse.write("SELECT 'z' AS y, 2 AS x"));
    assertThat(warehouse.rows("FROM s.a")).containsExactly("[z, 2]");
    session.bindEmpty(name("s.a"), one.schema());
    assertThat(warehouse.rows("FROM s.a")).isEmpty();
    session.bind(name("s.a"), one);
    assertThat(warehouse.rows("FROM s.a")).containsExactly("[1]");
  }

  @Test
  void aVersionWithoutRowsHasColumns() {
    TableData none = warehouse.write("SELECT 1 AS x, [{'a': 'b'}] AS y WHERE false");
    assertThat(none.files()).isEmpty();
    assertThat(warehouse.files()).isEmpty();
    session.bind(name("a"), none);
    assertThat(session.describe(new Select("FROM a"), Cancellation.never()).toString())
        .contains("list<struct<a: string>>");
  }

  @Test
  void sessionsSeeNothingOfEachOther() {
    session.bind(name("a"), warehouse.write("SELECT 1 AS x"));
    assertThat(warehouse.rows("FROM a")).containsExactly("[1]");
    try (Session other = TestEngine.ENGINE.open(folder)) {
      assertThatThrownBy(() -> other.query(new Select("FROM a"), 1, Cancellation.never()))
          .isInstanceOf(QueryException.class)
          .hasMessage("Table with name a does not exist");
      other.bind(name("a"), warehouse.write("SELECT 2 AS x"));
      assertThat(new Warehouse(other, folder).rows("FROM a")).containsExactly("[2]");
      assertThat(warehouse.rows("FROM a")).containsExactly("[1]");
    }
    assertThat(warehouse.rows("FROM a")).containsExactly("[1]");
  }

  @Test
  void aClosedSessionLeavesNothing() {
    int before = catalogs();
    Session other = TestEngine.ENGINE.open(folder);
    assertThat(new Warehouse(other, folder).rows("SELECT 1")).containsExactly("[1]");
    assertThat(catalogs()).isEqualTo(before + 1);
    other.close();
    other.close();
    assertThat(catalogs()).isEqualTo(before);
  }

  private int catalogs() {
    return warehouse.rows("SELECT database_name FROM duckdb_databases()").size();
  }

  @Test
  void columnsAreFoundByFieldIdAtEveryDepth() {
    TableData before =
        warehouse.write(
            "SELECT 1 AS \"o'd \"\"d\", 2 AS dropped, {'x': 1, 'l': [{'z': 'k'}]} AS s,"
                + " map {'k': {'v': 1}} AS m");
    Column struct = before.schema().columns().get(2);
    Column map = before.schema().columns().get(3);
    Column list = ((StructOf) struct.type()).fields().get(1);
    Column element = ((ListOf) list.type()).element();
    Column key = ((MapOf) map.type()).key();
    Column value = ((MapOf) map.type()).value();
    int z = ((StructOf) element.type()).fields().get(0).id();
    int v = ((StructOf) value.type()).fields().get(0).id();
    Column renamedElement =
        new Column(
            element.id(),
            "element",
            new StructOf(
                List.of(
                    new Column(90, "new", Primitive.STRING),
                    new Column(z, "zz", Primitive.STRING))));
    TableSchema after =
        new TableSchema(
            List.of(
                new Column(91, "added", Primitive.DATE),
                new Column(
                    struct.id(),
                    "s2",
                    new StructOf(List.of(new Column(list.id(), "ll", new ListOf(renamedElement))))),
                new Column(
                    map.id(),
                    "m2",
                    new MapOf(
                        key,
                        new Column(
                            value.id(),
                            "value",
                            new StructOf(List.of(new Column(v, "vv", Primitive.LONG)))))),
                new Column(before.schema().columns().get(0).id(), "renamed", Primitive.LONG)),
            91);
    assertThat(warehouse.rows(new TableData(after, List.of(), before.files())))
        .containsExactly("[null, {ll=[{new=null, zz=k}]}, {k={vv=1}}, 1]");
  }

  @Test
  void rowsOfATestAreConvertedToTheTypesOfTheColumns() {
    TableSchema schema =
        new TableSchema(
            List.of(
                new Column(1, "n", Primitive.INT),
                new Column(2, "d", Primitive.DATE),
                new Column(3, "p", new ColumnType.Decimal(10, 2)),
                new Column(4, "s", Primitive.STRING),
                new Column(5, "b", Primitive.BOOLEAN),
                new Column(6, "f", Primitive.DOUBLE),
                new Column(7, "l", new ListOf(new Column(8, "element", Primitive.INT))),
                new Column(
                    9, "r", new StructOf(List.of(new Column(10, "it's", Primitive.TIMESTAMP))))),
            10);
    Map<String, Object> full = new HashMap<>();
    full.put("n", 1L);
    full.put("d", "2026-01-31");
    full.put("p", new BigDecimal("1E+3"));
    full.put("s", "it's");
    full.put("b", true);
    full.put("f", 1.5);
    full.put("l", List.of(1L, 2L));
    full.put("r", Map.of("it's", "2026-01-31 10:00:00"));
    session.bindRows(name("t"), schema, List.of(full, Map.of()));
    assertThat(warehouse.rows("FROM t"))
        .containsExactly(
            "[1, 2026-01-31, 1000.00, it's, true, 1.5, [1, 2], {it's=2026-01-31T10:00}]",
            "[null, null, null, null, null, null, null, null]");
    session.bindRows(name("t"), schema, List.of());
    assertThat(warehouse.rows("SELECT n FROM t")).isEmpty();
  }

  @Test
  void aRowThatDoesNotFitItsColumnIsReported() {
    TableSchema schema = new TableSchema(List.of(new Column(1, "n", Primitive.INT)), 1);
    session.bindRows(name("t"), schema, List.of(Map.of("n", "one")));
    assertThatThrownBy(() -> warehouse.rows("FROM t"))
        .isInstanceOf(QueryException.class)
        .hasMessage("Could not convert string 'one' to INT32");
  }

  @Test
  void relativePathsStartAtTheFolderAndNotWhereTheProcessStarted() throws IOException {
    String relative = folder.getFileName() + ".csv";
    Path decoy = Path.of(relative).toAbsolutePath();
    Files.writeString(folder.resolve(relative), "a\n1\n");
    Files.writeString(decoy, "a\n2\n");
    try {
      assertThat(warehouse.rows("FROM '%s'".formatted(relative))).containsExactly("[1]");
      assertThat(warehouse.rows("SELECT '😀', a FROM read_csv('%s')".formatted(relative)))
          .containsExactly("[😀, 1]");
      assertThat(
              warehouse.rows(
                  "SELECT x.a, y.a FROM \"%s\" AS x, read_csv(['./%s'], header = true) AS y"
                      .formatted(relative, relative)))
          .containsExactly("[1, 1]");
      assertThat(warehouse.rows("FROM (DESCRIBE FROM '%s')".formatted(relative))).hasSize(1);
      assertThat(warehouse.rows("FROM '%s'".formatted(decoy))).containsExactly("[2]");
      assertThatThrownBy(() -> warehouse.rows("TABLE '%s'".formatted(relative)))
          .isInstanceOf(QueryException.class);
    } finally {
      Files.delete(decoy);
    }
  }

  @Test
  void globsStartAtTheFolderToo() throws IOException {
    Files.createDirectories(folder.resolve("in"));
    Files.writeString(folder.resolve("in/a.csv"), "a\n1\n");
    Files.writeString(folder.resolve("in/b.csv"), "a\n2\n");
    assertThat(warehouse.rows("SELECT a FROM 'in/*.csv' ORDER BY a")).containsExactly("[1]", "[2]");
    assertThatThrownBy(() -> warehouse.rows("FROM 'in/*.parquet'"))
        .isInstanceOf(QueryException.class)
        .hasMessageContaining("No files found that match the pattern");
  }

  @Test
  void aQueryStopsAtTheLimitAndSaysSo() {
    Session.Rows rows = session.query(new Select("FROM range(5)"), 2, Cancellation.never());
    assertThat(rows.values()).hasSize(2);
    assertThat(rows.truncated()).isTrue();
    assertThat(session.query(new Select("FROM range(5)"), 5, Cancellation.never()).truncated())
        .isFalse();
    assertThat(session.query(new Select("FROM range(5)"), 0, Cancellation.never()).values())
        .isEmpty();
  }

  @Test
  void valuesArePlainJavaValues() {
    Session.Rows rows =
        session.query(
            new Select(
                "SELECT NULL::INT AS n, true, 1::TINYINT, 1::HUGEINT, 1.50, 'x',"
                    + " DATE '2026-01-31', TIME '10:00', TIMESTAMP '2026-03-29 02:30:00.5',"
                    + " '2026-01-31 10:00:00+02'::TIMESTAMPTZ, '\\xAB'::BLOB, [1, NULL],"
                    + " {'a': [DATE '2026-01-31']}, map {'k': 1}, '{}'::JSON, INTERVAL 1 DAY,"
                    + " 'a'::ENUM('a'), [TIMESTAMP '2026-01-31']"),
            10,
            Cancellation.never());
    assertThat(rows.values().get(0).subList(0, 10))
        .hasToString(
            "[null, true, 1, 1, 1.50, x, 2026-01-31, 10:00, 2026-03-29T02:30:00.500,"
                + " 2026-01-31T08:00Z]");
    assertThat(rows.values().get(0).get(8)).isInstanceOf(LocalDateTime.class);
    assertThat(rows.values().get(0).get(10)).isEqualTo(new byte[] {(byte) 0xAB});
    assertThat(rows.values().get(0).subList(11, 18))
        .isEqualTo(
            List.of(
                Arrays.asList(1, null),
                Map.of("a", List.of(LocalDate.of(2026, 1, 31))),
                Map.of("k", 1),
                "{}",
                "1 day",
                "a",
                List.of(LocalDateTime.of(2026, 1, 31, 0, 0))));
    assertThat(rows.columns().get(0)).isEqualTo(new Session.ResultColumn("n", "INTEGER"));
  }

  @Test
  void theMachinesTimeZoneReachesNoResult() {
    assertThat(
            warehouse.rows(
                "SELECT '2026-07-01 12:00:00+00'::TIMESTAMPTZ::VARCHAR,"
                    + " '2026-07-01 12:00:00'::TIMESTAMP::TIMESTAMPTZ::VARCHAR"))
        .containsExactly("[2026-07-01 12:00:00+00, 2026-07-01 12:00:00+00]");
  }

  @Test
  void showAndDescribeSeeTablesThatNoQueryNamedYet() {
    session.bind(name("seen"), warehouse.write("SELECT 1 AS x"));
    assertThat(warehouse.rows("FROM (SHOW TABLES)")).containsExactly("[seen]");
  }

  @Test
  void exportsWhatAQueryReturns() throws IOException {
    Select query = new Select("SELECT 1 AS a, 'x,y' AS b, 3::HUGEINT AS c -- end");
    Path csv = folder.resolve("new/out.csv");
    session.export(query, csv, ExportFormat.CSV, Cancellation.never());
    assertThat(Files.readString(csv)).isEqualTo("a,b,c\n1,\"x,y\",3\n");
    Path json = folder.resolve("new/out.json");
    session.export(query, json, ExportFormat.JSON, Cancellation.never());
    assertThat(Files.readString(json))
        .isEqualToIgnoringWhitespace("[{\"a\":1,\"b\":\"x,y\",\"c\":3}]");
    Path parquet = folder.resolve("new/out.parquet");
    session.export(query, parquet, ExportFormat.PARQUET, Cancellation.never());
    assertThat(warehouse.rows("SELECT typeof(c) FROM 'new/out.parquet'"))
        .containsExactly("[DECIMAL(38,0)]");
    assertThatThrownBy(() -> session.export(query, csv, ExportFormat.CSV, Cancellation.never()))
        .isInstanceOf(HeadraceException.class)
        .hasMessage("Cannot write file '%s': it exists".formatted(csv));
  }

  @Test
  void aFailedExportLeavesNoFile() throws IOException {
    Select failing =
        new Select("SELECT CASE WHEN range = 100000 THEN error('late') END FROM range(200000)");
    Path target = folder.resolve("out/x.csv");
    assertThatThrownBy(
            () -> session.export(failing, target, ExportFormat.CSV, Cancellation.never()))
        .isInstanceOf(QueryException.class)
        .hasMessage("late");
    try (var left = Files.list(folder.resolve("out"))) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void manyThreadsCanShareASession() {
    List<TableData> tables =
        IntStream.range(0, 20).mapToObj(i -> warehouse.write("SELECT " + i + " AS x")).toList();
    List<String> read =
        IntStream.range(0, 20)
            .parallel()
            .mapToObj(
                i -> {
                  session.bind(name("s%d.t%d".formatted(i % 3, i)), tables.get(i));
                  return warehouse.rows("FROM s%d.t%d".formatted(i % 3, i)).get(0);
                })
            .toList();
    assertThat(read).isEqualTo(IntStream.range(0, 20).mapToObj(i -> "[" + i + "]").toList());
  }
}

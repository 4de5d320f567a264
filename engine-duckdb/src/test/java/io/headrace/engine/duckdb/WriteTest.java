package io.headrace.engine.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.engine.Cancellation;
import io.headrace.engine.Query.Select;
import io.headrace.engine.QueryException;
import io.headrace.table.Column;
import io.headrace.table.ColumnType.Primitive;
import io.headrace.table.DataFile;
import io.headrace.table.DataFile.Statistics;
import io.headrace.table.PartitionField;
import io.headrace.table.PartitionField.Transform;
import io.headrace.table.TableData;
import io.headrace.table.TableName;
import io.headrace.table.TableSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WriteTest extends WithSession {
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "true | boolean | true",
        "1::TINYINT | int | 1",
        "-1::SMALLINT | int | -1",
        "1 | int | 1",
        "255::UTINYINT | int | 255",
        "65535::USMALLINT | int | 65535",
        "4294967295::UINTEGER | long | 4294967295",
        "9223372036854775807 | long | 9223372036854775807",
        "18446744073709551615::UBIGINT | decimal(20, 0) | 18446744073709551615",
        "12345678901234567890123456789::HUGEINT | decimal(38, 0) | 12345678901234567890123456789",
        "1::UHUGEINT | decimal(38, 0) | 1",
        "sum(9007199254740993) | decimal(38, 0) | 9007199254740993",
        "1.50 | decimal(3, 2) | 1.50",
        "1.5::DECIMAL(38, 10) | decimal(38, 10) | 1.5000000000",
        "0.1::FLOAT | float | 0.1",
        "'nan'::DOUBLE | double | NaN",
        "1e300::DOUBLE | double | 1.0E300",
        "DATE '2026-01-31' | date | 2026-01-31",
        "TIME '10:00:00.5' | time | 10:00:00.500",
        "'10:00'::TIME_NS | time | 10:00",
        "TIMESTAMP '2026-01-31 10:00:00.123456' | timestamp | 2026-01-31T10:00:00.123456",
        "'2026-01-31'::TIMESTAMP_S | timestamp | 2026-01-31T00:00",
        "'2026-01-31 00:00:00.123'::TIMESTAMP_MS | timestamp | 2026-01-31T00:00:00.123",
        "'2026-01-31 00:00:00.123456789'::TIMESTAMP_NS | timestamp | 2026-01-31T00:00:00.123457",
        "'2026-01-31 10:00:00+02'::TIMESTAMPTZ | timestamptz | 2026-01-31T08:00Z",
        "'é😀' | string | é😀",
        "'b'::ENUM('a', 'b') | string | b",
        "'{\"a\": 1}'::JSON | string | {\"a\": 1}",
        "'101'::BIT | string | 101",
        "123::BIGNUM | string | 123",
        "uuid_extract_version(uuid()) | long | 4",
        "'6b2fa94e-6a5a-4a4e-9a7b-0d5a3f1c2b3d'::UUID | uuid | 6b2fa94e-6a5a-4a4e-9a7b-0d5a3f1c2b3d",
        "[1, NULL] | list<int> | [1, null]",
        "[1, 2]::SMALLINT[2] | list<int> | [1, 2]",
        "[[1::HUGEINT]] | list<list<decimal(38, 0)>> | [[1]]",
        "{'a': 1::UTINYINT, 'B \"c': ['x'::ENUM('x')]} | struct<a: int, B \"c: list<string>> | {a=1, B \"c=[x]}",
        "map {'k': {'v': sum(1)}} | map<string, struct<v: decimal(38, 0)>> | {k={v=1}}",
        "NULL::INTEGER[] | list<int> | null",
      })
  void everyTypeComesBackAsItWentIn(String expression, String type, String value) {
    TableData table = warehouse.write("SELECT " + expression + " AS c");
    assertThat(table.schema().columns().get(0).type()).hasToString(type);
    assertThat(warehouse.rows(table)).containsExactly("[" + value + "]");
    assertThat(
            session.describe(new Select("FROM t"), Cancellation.never()).get(0).type().toString())
        .isEqualTo(type);
  }

  @Test
  void binaryValuesComeBack() {
    TableData table = warehouse.write("SELECT '\\xAB\\x00'::BLOB AS c");
    session.bind(TableName.parse("t"), table);
    assertThat(warehouse.rows("SELECT hex(c), typeof(c) FROM t")).containsExactly("[AB00, BLOB]");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "INTERVAL 1 DAY | INTERVAL",
        "'10:00+02'::TIMETZ | TIME WITH TIME ZONE",
        "NULL | NULL",
        "[] | NULL",
        "map {} | NULL",
        "union_value(i := 1) | UNION",
        "row(1, 2) | TUPLE",
        "1::VARIANT | VARIANT",
        "'POINT(1 2)'::GEOMETRY | GEOMETRY",
        "{'a': [INTERVAL 1 DAY]} | INTERVAL",
      })
  void aTypeThatTablesCannotStoreIsRefusedByTheNameOfItsColumn(String expression, String type) {
    assertThatThrownBy(() -> warehouse.write("SELECT 1 AS a, " + expression + " AS \"b c\""))
        .isInstanceOfSatisfying(QueryException.class, e -> assertThat(e.hint()).isNotEmpty())
        .hasMessage("column 'b c' has type %s, which tables cannot store".formatted(type));
  }

  @Test
  void twoColumnsOfOneNameAreRefused() {
    assertThatThrownBy(() -> warehouse.write("SELECT 1 AS a, 2 AS b, 3 AS \"A\""))
        .isInstanceOf(QueryException.class)
        .hasMessage("two columns have the name 'A'");
  }

  @Test
  void anIntegerThatNoDecimalHoldsFailsRatherThanLosesDigits() {
    assertThatThrownBy(() -> warehouse.write("SELECT 170141183460469231731687303715884105727 AS c"))
        .isInstanceOf(QueryException.class);
    assertThat(warehouse.files()).isEmpty();
  }

  @Test
  void aSmallResultIsOneFileThatIsNeverWrittenTwice() {
    TableData one = warehouse.write("SELECT range AS r FROM range(1000)");
    TableData two = warehouse.write("SELECT range AS r FROM range(1000)");
    assertThat(one.files()).hasSize(1);
    assertThat(one.rowCount()).isEqualTo(1000);
    assertThat(one.files().get(0).sizeBytes())
        .isEqualTo(Path.of(one.files().get(0).path()).toFile().length());
    assertThat(two.files().get(0).path()).isNotEqualTo(one.files().get(0).path());
    assertThat(warehouse.files()).hasSize(2);
  }

  @Test
  void aResultOfLargeTablesMayBeSplit() {
    TableData table = warehouse.write("SELECT range AS r FROM range(1000)");
    DataFile file = table.files().get(0);
    DataFile large = new DataFile(file.path(), 1000, 1L << 40, file.partition(), file.statistics());
    session.bind(TableName.parse("big"), new TableData(table.schema(), List.of(), List.of(large)));
    List<DataFile> files = warehouse.write("SELECT r + 1 AS r FROM big").files();
    // DuckDB itself names files of a split result.
    assertThat(files).hasSize(1);
    assertThat(files.get(0).path().length()).isGreaterThan(file.path().length());
    assertThat(files.get(0).rowCount()).isEqualTo(1000);
  }

  @Test
  void rowsKeepTheOrderOfTheirFiles() throws IOException {
    for (int i = 10; i < 40; i++) {
      Files.writeString(folder.resolve(i + ".csv"), "n\n" + i + "\n");
    }
    List<String> expected = IntStream.range(10, 40).mapToObj(i -> "[" + i + "]").toList();
    assertThat(warehouse.rows(warehouse.write("FROM '*.csv'"))).isEqualTo(expected);
  }

  @Test
  void rowsKeepTheOrderOfTheQuery() {
    assertThat(
            warehouse.rows(
                warehouse.write(
                    "SELECT x FROM (VALUES (3), (1), (2)) AS v(x) ORDER BY x DESC -- last")))
        .containsExactly("[3]", "[2]", "[1]");
  }

  @Test
  void columnsAreFoundByNameAndConvertedToTheDraftsTypes() {
    TableSchema schema =
        new TableSchema(
            List.of(new Column(7, "b", Primitive.STRING), new Column(9, "a", Primitive.LONG)), 9);
    TableData table = warehouse.write(new Select("SELECT 1 AS a, 2 AS b"), schema, List.of());
    assertThat(warehouse.rows(table)).containsExactly("[2, 1]");
    assertThat(table.files().get(0).statistics()).containsOnlyKeys(7, 9);
  }

  @Test
  void statisticsAreByFieldIdAndInTheFormOfTheContract() {
    TableData table =
        warehouse.write(
            """
            SELECT * FROM (VALUES
              (true, 1, -0.0::DOUBLE, DATE '2026-01-31', 'a', 1.50, '\\xAB'::BLOB),
              (false, 2, 'nan'::DOUBLE, DATE '0044-03-15 (BC)', repeat('b', 300), 2.00, NULL),
              (NULL, NULL, 'inf'::DOUBLE, NULL, 'b', -1.00, NULL)
            ) AS v(t, i, d, day, s, p, b)
            """);
    assertThat(table.files().get(0).statistics()).containsOnlyKeys(1, 2, 3, 4, 5, 6, 7);
    List<Statistics> statistics = List.copyOf(table.files().get(0).statistics().values());
    assertThat(bounds(statistics.get(0))).isEqualTo("false..true exact");
    assertThat(bounds(statistics.get(1))).isEqualTo("1..2 exact");
    assertThat(bounds(statistics.get(2))).isEqualTo("-0.0..inf");
    assertThat(bounds(statistics.get(3))).isEqualTo("?..2026-01-31 exact");
    assertThat(bounds(statistics.get(4))).startsWith("a..bbbb").doesNotEndWith("exact");
    assertThat(bounds(statistics.get(5))).isEqualTo("-1.00..2.00 exact");
    assertThat(bounds(statistics.get(6))).isEqualTo("AB..AB exact");
    Statistics doubles = statistics.get(2);
    assertThat(doubles.valueCount()).isEqualTo(3);
    assertThat(doubles.nanCount()).hasValue(1L);
    assertThat(statistics.get(1).nullCount()).isEqualTo(1);
    assertThat(statistics.get(1).nanCount()).isEmpty();
  }

  @Test
  void nestedLeavesHaveStatisticsToo() {
    TableData table =
        warehouse.write("SELECT {'a \"b': 1} AS s, [5] AS l, map {'k': 7.5::DOUBLE} AS m");
    assertThat(table.files().get(0).statistics()).hasSize(4);
  }

  private static String bounds(Statistics statistics) {
    return statistics.lower().orElse("?")
        + ".."
        + statistics.upper().orElse("?")
        + (statistics.exact() ? " exact" : "");
  }

  @Test
  void aPartitionedTableHasFilesOfOnePartitionEach() {
    TableData table =
        warehouse.write(
            """
            SELECT * FROM (VALUES
              ('a', DATE '2026-01-31', TIMESTAMP '1969-12-31 23:00:00', 1),
              ('NULL', DATE '2026-01-30', TIMESTAMP '1970-01-01 00:00:00', 2),
              (NULL, NULL, NULL, 3),
              ('', DATE '1969-11-30', TIMESTAMP '2026-06-15 12:00:00', 4),
              ('x/y=é', DATE '2026-01-31', NULL, 5),
              ('a', DATE '2026-01-31', TIMESTAMP '1969-12-31 01:00:00', 6)
            ) AS v(k, d, ts, n)
            """,
            new PartitionField(Transform.IDENTITY, "K"),
            new PartitionField(Transform.YEAR, "ts"),
            new PartitionField(Transform.MONTH, "d"),
            new PartitionField(Transform.DAY, "ts"));
    assertThat(table.files())
        .extracting(file -> partition(file) + " " + file.rowCount())
        .containsExactlyInAnyOrder(
            "a,-1,672,-1 2", "NULL,0,672,0 1", "?,?,?,? 1", ",56,-2,20619 1", "x/y=é,?,672,? 1");
    assertThat(warehouse.rows(table)).hasSize(6).contains("[null, null, null, 3]");
    assertThat(warehouse.files()).hasSize(5).allMatch(Files::isRegularFile);
  }

  private static String partition(DataFile file) {
    return String.join(",", file.partition().stream().map(value -> value.orElse("?")).toList());
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "true | true",
        "1::HUGEINT | 1",
        "-1.50 | -1.50",
        "0.5::DOUBLE | 0.5",
        "DATE '2026-01-31' | 2026-01-31",
        "'2026-01-31 10:00:00+02'::TIMESTAMPTZ | 2026-01-31 08:00:00+00",
        "TIMESTAMP '2026-01-31' | 2026-01-31 00:00:00",
        "'\\xAB\\x0A'::BLOB | AB0A",
        "'6b2fa94e-6a5a-4a4e-9a7b-0d5a3f1c2b3d'::UUID | 6b2fa94e-6a5a-4a4e-9a7b-0d5a3f1c2b3d",
      })
  void everyPlainTypeCanPartition(String expression, String text) {
    TableData table =
        warehouse.write(
            "SELECT " + expression + " AS c", new PartitionField(Transform.IDENTITY, "c"));
    assertThat(table.files().get(0).partition()).containsExactly(Optional.of(text));
  }

  @Test
  void daysOfATimestampWithTimeZoneAreThoseOfUtc() {
    TableData table =
        warehouse.write(
            "SELECT '1970-01-02 01:00:00+02'::TIMESTAMPTZ AS c",
            new PartitionField(Transform.DAY, "c"));
    assertThat(table.files().get(0).partition()).containsExactly(Optional.of("0"));
  }

  @Test
  void bucketsAreThoseOfTheSpecification() {
    // The values and hashes of its appendix B.
    TableData table =
        warehouse.write(
            "SELECT 34::BIGINT AS n, 'iceberg' AS s, DATE '2017-11-16' AS d",
            new PartitionField(Transform.BUCKET, "n", 1_000_000),
            new PartitionField(Transform.BUCKET, "s", 1_000_000),
            new PartitionField(Transform.BUCKET, "d", 1_000_000));
    assertThat(partition(table.files().get(0)))
        .isEqualTo(
            "%d,%d,%d"
                .formatted(
                    2_017_239_379 % 1_000_000,
                    1_210_000_089 % 1_000_000,
                    (-653_330_422 & Integer.MAX_VALUE) % 1_000_000));
  }

  @ParameterizedTest
  @ValueSource(strings = {"true", "0.5::FLOAT", "0.5::DOUBLE", "[1]", "{'a': 1}"})
  void valuesWithoutABucketAreRefused(String expression) {
    assertThatThrownBy(
            () ->
                warehouse.write(
                    "SELECT " + expression + " AS c", new PartitionField(Transform.BUCKET, "c", 4)))
        .hasMessageContaining("cannot be partitioned by bucket(4, c)");
  }

  @Test
  void aPartitionedTableWithoutRowsHasNoFiles() {
    assertThat(
            warehouse
                .write("SELECT 1 AS c WHERE false", new PartitionField(Transform.IDENTITY, "c"))
                .files())
        .isEmpty();
    assertThat(warehouse.files()).isEmpty();
  }

  @Test
  void whatCannotPartitionIsRefused() {
    assertThatThrownBy(
            () -> warehouse.write("SELECT 1 AS c", new PartitionField(Transform.DAY, "c")))
        .isInstanceOf(QueryException.class)
        .hasMessage("the table cannot be partitioned by day(c): 'c' is int");
    assertThatThrownBy(
            () -> warehouse.write("SELECT [1] AS c", new PartitionField(Transform.IDENTITY, "c")))
        .isInstanceOf(QueryException.class);
    assertThatThrownBy(
            () -> warehouse.write("SELECT 1 AS c", new PartitionField(Transform.IDENTITY, "d")))
        .isInstanceOf(QueryException.class)
        .hasMessageContaining("the query returns no column 'd'");
    assertThatThrownBy(
            () ->
                warehouse.write(
                    "SELECT 'infinity'::DATE AS c", new PartitionField(Transform.IDENTITY, "c")))
        .isInstanceOf(QueryException.class);
    assertThat(warehouse.files()).isEmpty();
  }

  @Test
  void aQueryThatFailsHalfwayLeavesNoFiles() {
    TableData other = warehouse.write("SELECT 1 AS a");
    String failing =
        "SELECT range AS a, CASE WHEN range = 2000000 THEN error('late') ELSE 1 END AS b, range % 3 AS p"
            + " FROM range(3000000)";
    assertThatThrownBy(() -> warehouse.write(failing))
        .isInstanceOf(QueryException.class)
        .hasMessage("late");
    assertThatThrownBy(() -> warehouse.write(failing, new PartitionField(Transform.IDENTITY, "p")))
        .isInstanceOf(QueryException.class);
    assertThat(warehouse.files()).containsExactly(Path.of(other.files().get(0).path()));
  }
}

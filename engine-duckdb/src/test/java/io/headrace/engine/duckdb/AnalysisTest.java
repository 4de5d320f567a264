package io.headrace.engine.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.sql.Analysis;
import io.headrace.sql.Analysis.Query;
import io.headrace.sql.Analysis.Refused;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnalysisTest {

  /** Names and offsets of tables, then files, then unidentified clauses; or the refusal. */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // Tables
        "SELECT 1 | ",
        "SELECT a FROM t | t@14",
        "SELECT a FROM t; | t@14",
        "FROM t | t@5",
        "TABLE t | t@0",
        "SELECT * FROM Marts.Busiest AS b | marts.busiest@14",
        "SELECT * FROM a.b.c | a.b.c@14",
        "SELECT * FROM data.csv | data.csv@14",
        "SELECT * FROM t, t AS again, u | t@14 u@29",
        "SELECT 'é', '😀' FROM ünits | ünits@22",
        "SELECT (SELECT max(a) FROM u) FROM t WHERE a IN (FROM v) LIMIT (SELECT 1 FROM w) | u@27 t@35 v@54 w@78",
        "SELECT * FROM a JOIN b USING (i) LEFT JOIN c ON true POSITIONAL JOIN d | a@14 b@21 c@43 d@69",
        "SELECT * FROM a ASOF JOIN b ON a.t >= b.t | a@14 b@26",
        "SELECT * FROM a, LATERAL (SELECT * FROM b WHERE b.x = a.x) | a@14 b@40",
        "SELECT 1 FROM a UNION SELECT 2 FROM b EXCEPT SELECT 3 FROM c INTERSECT FROM d | a@14 b@36 c@59 d@76",
        "SELECT * FROM t WHERE EXISTS (FROM u) | t@14 u@35",
        "SELECT a, sum(b) OVER (PARTITION BY (SELECT 1 FROM u)) FROM t | u@51 t@60",
        "PIVOT t ON a IN (1, 2) USING sum(b) | t@6",
        "UNPIVOT t ON a, b INTO NAME n VALUE v | t@8",
        "SELECT * FROM t ORDER BY (SELECT 1 FROM u) | t@14 u@40",
        "VALUES (1), ((SELECT 2 FROM t)) | t@28",
        "SELECT list_transform(l, lambda x: x + (SELECT 1 FROM u)) FROM t | u@54 t@63",
        "SELECT * EXCLUDE (a) REPLACE (b + 1 AS b) FROM t | t@47",
        // Common table expressions
        "WITH x AS (SELECT 1) SELECT * FROM x | ",
        "WITH x AS (SELECT * FROM x) SELECT * FROM x | x@25",
        "WITH x AS (FROM a), y AS (FROM x) FROM y, z | a@16 z@42",
        "WITH y AS (FROM x), x AS (FROM a) FROM y | x@16 a@31",
        "WITH X AS (SELECT 1) FROM x | ",
        "WITH x AS (SELECT 1) FROM s.x | s.x@26",
        "WITH x AS (SELECT 1) FROM (WITH x AS (FROM x, y) FROM x) | y@46",
        "SELECT * FROM (WITH x AS (SELECT 1) FROM x), x | x@45",
        "WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r, t) FROM r | t@66",
        "WITH RECURSIVE r AS (SELECT * FROM r UNION ALL SELECT 1) FROM r | r@35",
        "WITH x AS MATERIALIZED (FROM t) SELECT (SELECT count(*) FROM x) | t@29",
        // Files
        "FROM 'data/x.parquet' | 'data/x.parquet'@5",
        "FROM \"x.csv\" AS f | 'x.csv'@5",
        "SELECT * FROM '/abs/*.json', 'x.csv', 'x.csv' | '/abs/*.json'@14 'x.csv'@29",
        "FROM read_csv('a.csv', delim = ';') | 'a.csv'@14",
        "FROM read_csv(['a.csv', 'b.csv']) | 'a.csv'@15 'b.csv'@24",
        "FROM read_parquet(ARRAY['a.parquet']) | 'a.parquet'@24",
        "FROM parquet_scan('a.parquet'), main.read_json_auto('b.json') | 'a.parquet'@18 'b.json'@52",
        "FROM read_csv(E'a\\tb.csv') | 'a\tb.csv'@14",
        "FROM read_csv($$a.csv$$) | 'a.csv'@14",
        "FROM glob('*.csv'), sniff_csv('a.csv'), parquet_metadata('b.parquet') | '*.csv'@10 'a.csv'@30 'b.parquet'@57",
        "SELECT content FROM read_text('a.txt') | 'a.txt'@30",
        "SELECT * FROM read_blob('a.bin') | 'a.bin'@24 !last_modified@14",
        "SELECT last_modified FROM read_text('a.txt') | 'a.txt'@36 !last_modified@26",
        "FROM 'file:///abs/x.csv' | 'file:///abs/x.csv'@5",
        "FROM 'https://example.org/x.csv' | !'https://example.org/x.csv'@5",
        "FROM read_parquet('s3://b/x.parquet') | !'s3://b/x.parquet'@5",
        "FROM 'hf://datasets/a/b.csv', 'gs://b/c.csv' | !'hf://datasets/a/b.csv'@5 !'gs://b/c.csv'@30",
        // What no fingerprint covers
        "SELECT now(), NOW(), random() | !now()@7 !random()@21",
        "SELECT current_date, t.current_date FROM t | t@41 !current_date@7",
        "SELECT * FROM t WHERE day > today() - 7 | t@14 !today()@28",
        "SELECT localtimestamp, current_timestamp | !localtimestamp@7 !current_timestamp@23",
        "SELECT uuid(), gen_random_uuid(), nextval('s') | !uuid()@7 !gen_random_uuid()@15 !nextval()@34",
        "SELECT current_setting('threads'), getvariable('x'), version() | !current_setting()@7 !getvariable()@35 !version()@53",
        "SELECT age(a), age(a, b) FROM t | t@30 !age()@7",
        "SELECT user, \"current_user\" FROM t | t@33 !current_user@13",
        "SELECT list_transform([1], lambda x: random()) | !random()@37",
        "SELECT * FROM t USING SAMPLE 10% | t@14 !SAMPLE@0",
        "SELECT * FROM t TABLESAMPLE reservoir(5) | t@14 !SAMPLE@14",
        "SELECT * FROM t TABLESAMPLE reservoir(5) REPEATABLE (42) | t@14",
        "SELECT * FROM t USING SAMPLE 5 ROWS (reservoir, 42) | t@14",
        "FROM some_function(1) | !some_function()@5",
        "FROM test_all_types() | !test_all_types()@5",
        "SELECT error('no') FROM range(3), generate_series(1, 2), unnest([1]) | ",
        "SELECT * FROM t, json_each(t.j), unnest(t.l) | t@14",
      })
  void findsWhatAQueryReads(String sql, String expected) {
    assertThat(describe(analyze(sql))).isEqualTo(expected == null ? "" : expected);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`` | the statement is empty | 0",
        "-- nothing | the statement is empty | 0",
        "SELECT 1; SELECT 2 | there are 2 statements where one is allowed | 10",
        "SELEC 1 | syntax error at or near \"SELEC\" | 0",
        "SELECT 'é', FROM WHERE | syntax error at or near \"WHERE\" | 17",
        "INSERT INTO t SELECT 1 | the statement is not a query | 0",
        "CREATE TABLE t AS SELECT 1 | the statement is not a query | 0",
        "COPY t TO 'x.csv' | the statement is not a query | 0",
        "ATTACH 'x.db' | the statement is not a query | 0",
        "SET threads = 1 | the statement is not a query | 0",
        "/* first */ SET threads = 1 | the statement is not a query | 12",
        "EXPLAIN SELECT 1 | the statement is not a query | 0",
        "CALL duckdb_tables() | the statement is not a query | 0",
        "WITH d AS (DELETE FROM t RETURNING *) FROM d | the statement changes data | 11",
        "WITH d AS (INSERT INTO t VALUES (1) RETURNING *) FROM d | the statement changes data | 11",
        "WITH d AS (UPDATE t SET a = 1 RETURNING *) FROM d | the statement changes data | 11",
        "PIVOT t ON a USING sum(b) | a PIVOT that finds its columns in the data has no fixed columns | 0",
        "SELECT * FROM (PIVOT t ON a USING sum(b)) | a PIVOT that finds its columns in the data has no fixed columns | 0",
        "DESCRIBE t | SHOW, DESCRIBE and SUMMARIZE do not make tables | 0",
        "SHOW TABLES | SHOW, DESCRIBE and SUMMARIZE do not make tables | 0",
        "SELECT * FROM (SUMMARIZE t) | SHOW, DESCRIBE and SUMMARIZE do not make tables | 14",
        "FROM query('SELECT 1') | query() hides which tables it reads | 5",
        "FROM query_table('t') | query_table() hides which tables it reads | 5",
        "FROM histogram('t', a) | histogram() hides which tables it reads | 5",
        "FROM json_execute_serialized_sql('{}') | json_execute_serialized_sql() hides which tables it reads | 5",
        "FROM information_schema.tables | information_schema.tables describes the engine, and so differs from run to run | 5",
        "FROM system.information_schema.tables | system.information_schema.tables describes the engine, and so differs from run to run | 5",
        "FROM pg_catalog.pg_class | pg_catalog.pg_class describes the engine, and so differs from run to run | 5",
        "FROM duckdb_tables | duckdb_tables describes the engine, and so differs from run to run | 5",
        "FROM duckdb_settings() | duckdb_settings() describes the engine, and so differs from run to run | 5",
        "FROM pragma_table_info('t') | pragma_table_info() describes the engine, and so differs from run to run | 5",
        "FROM enable_logging() | enable_logging() changes the engine | 5",
        "FROM read_csv(concat('a', '.csv')) | read_csv() must name its files in plain strings | 5",
        "FROM read_csv(getvariable('f')) | read_csv() must name its files in plain strings | 5",
        "FROM read_csv([]) | read_csv() must name its files in plain strings | 5",
        "SELECT $x FROM t | parameter $x has no value | 7",
        "SELECT a FROM t WHERE b = ? | parameter ? has no value | 26",
        "SELECT $x, ? | Mixing named and positional parameters is not supported yet | 0",
        "FROM t AT (VERSION => 3) | AT (VERSION or TIMESTAMP) is not supported | 5",
      })
  void refusesWhatCannotBeATask(String sql, String message, int offset) {
    assertThat(analyze(sql))
        .isInstanceOfSatisfying(
            Refused.class,
            refused -> {
              assertThat(refused.message()).isEqualTo(message);
              assertThat(refused.offset()).isEqualTo(offset);
            });
  }

  @Test
  void hintsHowToMendADynamicPivot() {
    assertThat(((Refused) analyze("PIVOT t ON a USING sum(b)")).hint())
        .isEqualTo("List the values: PIVOT ... ON column IN (...)");
  }

  @Test
  void aSemicolonAndCommentsMayFollowTheQuery() {
    assertThat(describe(analyze("SELECT a FROM t -- ; no\n; -- end"))).isEqualTo("t@14");
  }

  @Test
  void aPathMayNotBePutTogether() {
    assertThat(analyze("FROM read_csv('a' || '.csv')")).isInstanceOf(Refused.class);
  }

  @Test
  void answersForEachStatementInOrderWhateverTheOthersAre() {
    List<String> statements =
        List.of("SELECT 1 FROM a", "SELEC", "", "SELECT 1 FROM b", "DROP TABLE c");
    assertThat(TestEngine.ENGINE.analyze(statements))
        .extracting(analysis -> analysis.getClass().getSimpleName())
        .containsExactly("Query", "Refused", "Refused", "Query", "Refused");
    assertThat(TestEngine.ENGINE.analyze(List.of())).isEmpty();
  }

  @Test
  void keepsOrderOverSeveralBatches() {
    List<String> statements = Collections.nCopies(150, "SELECT 1 FROM t");
    List<String> numbered =
        IntStream.range(0, statements.size()).mapToObj(i -> statements.get(i) + i).toList();
    assertThat(TestEngine.ENGINE.analyze(numbered))
        .extracting(analysis -> ((Query) analysis).tables().get(0).name())
        .containsExactlyElementsOf(
            numbered.stream().map(sql -> sql.substring(sql.indexOf("t", 9))).toList());
  }

  @Test
  void survivesAStatementThatIsNestedVeryDeep() {
    String deep = "SELECT " + "(".repeat(5000) + "1" + ")".repeat(5000);
    assertThat(TestEngine.ENGINE.analyze(List.of(deep, "SELECT 1 FROM t"))).hasSize(2);
  }

  private static Analysis analyze(String sql) {
    return TestEngine.ENGINE.analyze(List.of(sql)).get(0);
  }

  private static String describe(Analysis analysis) {
    if (analysis instanceof Refused refused) {
      return "refused: " + refused.message();
    }
    Query query = (Query) analysis;
    return Stream.of(
            query.tables().stream().map(t -> t.name() + "@" + t.offset()),
            query.files().stream().map(f -> "'" + f.path() + "'@" + f.offset()),
            query.unidentified().stream().map(u -> "!" + u.clause() + "@" + u.offset()))
        .flatMap(parts -> parts)
        .collect(Collectors.joining(" "));
  }
}

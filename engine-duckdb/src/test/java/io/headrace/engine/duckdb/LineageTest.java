package io.headrace.engine.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.engine.Query.Select;
import io.headrace.engine.QueryException;
import io.headrace.engine.Session;
import io.headrace.table.Column;
import io.headrace.table.ColumnType;
import io.headrace.table.ColumnType.ListOf;
import io.headrace.table.ColumnType.Primitive;
import io.headrace.table.TableName;
import io.headrace.table.TableSchema;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LineageTest {
  private Session session;

  @BeforeAll
  void open() {
    session = TestEngine.ENGINE.open(Path.of(""));
    bind("t", Primitive.INT, Primitive.STRING, Primitive.DOUBLE);
    bind("u", Primitive.INT, Primitive.DATE);
    bind("marts.m", Primitive.INT, new ListOf(new Column(9, "element", Primitive.INT)));
  }

  /** Binds a table whose columns are a, b and so on. */
  private void bind(String name, ColumnType... types) {
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < types.length; i++) {
      columns.add(new Column(i + 1, String.valueOf((char) ('a' + i)), types[i]));
    }
    session.bindEmpty(TableName.parse(name), new TableSchema(columns, 9));
  }

  @AfterAll
  void close() {
    session.close();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "SELECT * FROM t | a<-t.a; b<-t.b; c<-t.c",
        "SELECT a + c AS x, 1 AS one FROM t | one<-; x<-t.a,t.c",
        "SELECT * EXCLUDE (b) REPLACE (c * 2 AS c) RENAME (a AS z) FROM t | c<-t.c; z<-t.a",
        "SELECT b, count(*) AS n, sum(a) FILTER (c > 1) AS s FROM t GROUP BY b | b<-t.b; n<-; s<-t.a,t.c",
        "SELECT t.b, u.b AS d FROM t JOIN u USING (a) | b<-t.b; d<-u.b",
        "SELECT * FROM t LEFT JOIN u USING (a) | a<-t.a; b<-t.b,u.b; c<-t.c",
        "SELECT a FROM t FULL JOIN u USING (a) | a<-t.a,u.a",
        "SELECT t.a AS x FROM t SEMI JOIN u USING (a) | x<-t.a",
        "SELECT a IN (SELECT a FROM u) AS x FROM t | x<-t.a,u.a",
        "WITH x AS (SELECT a AS k FROM t), y AS (SELECT k + 1 AS k FROM x) SELECT k, (SELECT max(b) FROM u) AS m FROM y | k<-t.a; m<-u.b",
        "WITH x AS MATERIALIZED (SELECT a, b FROM t) SELECT p.a, q.b FROM x p, x q | a<-t.a; b<-t.b",
        "WITH RECURSIVE r AS (SELECT 1 AS n, 0 AS m UNION ALL SELECT m, t.a FROM r, t) SELECT n, m FROM r | m<-t.a; n<-t.a",
        "SELECT s.x FROM t, LATERAL (SELECT t.a + u.a AS x FROM u WHERE u.a > t.a) s | x<-t.a,u.a",
        "SELECT (SELECT max(u.b) FROM u WHERE u.a = t.a) AS x, b FROM t | b<-t.b; x<-u.b",
        "SELECT EXISTS (FROM u WHERE u.a = t.a) AS x FROM t | x<-t.a,u.a",
        "SELECT row_number() OVER (PARTITION BY b ORDER BY c) AS rn, lag(a) OVER (ORDER BY c) AS prev FROM t | prev<-t.a,t.c; rn<-t.b,t.c",
        "SELECT a, unnest(b) AS e FROM marts.m | a<-marts.m.a; e<-marts.m.b",
        "SELECT m.a, e FROM marts.m AS m, unnest(m.b) AS v(e) | a<-marts.m.a; e<-marts.m.b",
        "SELECT m.a, s.x FROM marts.m AS m, LATERAL (SELECT e + m.a AS x FROM (SELECT unnest(m.b) AS e)) s | a<-marts.m.a; x<-marts.m.a,marts.m.b",
        "SELECT a AS x FROM t UNION ALL SELECT a FROM u | x<-t.a,u.a",
        "SELECT a AS x FROM t EXCEPT SELECT a FROM u | x<-t.a",
        "SELECT DISTINCT ON (b) a, b FROM t ORDER BY b, c LIMIT 5 | a<-t.a; b<-t.b",
        "SELECT b, grouping(b) AS g, sum(a) AS s FROM t GROUP BY ROLLUP (b) | b<-t.b; g<-t.b; s<-t.a",
        "FROM (PIVOT (SELECT a, b, c FROM t) ON b IN ('x', 'y') USING sum(c)) | a<-t.a; x<-t.b,t.c; y<-t.b,t.c",
        "FROM (UNPIVOT (SELECT a, c FROM t) ON a, c INTO NAME k VALUE v) | k<-; v<-t.a,t.c",
        "SELECT * FROM (VALUES (1, 'x')) AS v(p, q), range(3) | p<-; q<-; range<-",
        "SELECT a FROM t USING SAMPLE 5 ROWS (reservoir, 42) | a<-t.a",
        "SELECT a AS x, c AS x FROM t | x<-t.a,t.c",
        "SELECT t.a FROM t ASOF JOIN u ON t.a >= u.a -- end | a<-t.a",
      })
  void followsEveryColumnToItsTables(String sql, String expected) {
    String lineage =
        session.lineage(new Select(sql)).entrySet().stream()
            .map(
                entry ->
                    entry.getKey()
                        + "<-"
                        + entry.getValue().stream()
                            .map(source -> source.table() + "." + source.column())
                            .collect(Collectors.joining(",")))
            .collect(Collectors.joining("; "));
    assertThat(lineage).isEqualTo(expected);
  }

  @Test
  void aQueryThatIsWrongIsReported() {
    assertThatThrownBy(() -> session.lineage(new Select("SELECT z FROM t")))
        .isInstanceOfSatisfying(QueryException.class, e -> assertThat(e.offset()).hasValue(7))
        .hasMessage("Referenced column \"z\" not found in FROM clause");
  }

  @Test
  void aQueryOverFilesHasNoLineageThatCouldBeTold() {
    assertThatThrownBy(() -> session.lineage(new Select("FROM '*.csv'")))
        .isInstanceOf(QueryException.class);
  }
}

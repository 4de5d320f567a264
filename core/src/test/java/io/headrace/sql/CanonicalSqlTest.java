package io.headrace.sql;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CanonicalSqlTest {
  private static final String QUERY = "SELECT a, count(*) AS n FROM t WHERE b = 'x  y' GROUP BY a";

  @Test
  void commentsDoNotCount() {
    assertSame(
        QUERY,
        "/*--- tags: [x] ---*/ SELECT a, -- first\n count(*) AS n /* /* nested */ */ "
            + "FROM t WHERE b = 'x  y' GROUP BY a");
  }

  @Test
  void whiteSpaceDoesNotCount() {
    assertSame(QUERY, "SELECT\n\ta ,count( * ) AS n\r\nFROM t WHERE b='x  y' GROUP BY a\n\n");
  }

  @Test
  void theCaseOfReservedWordsDoesNotCount() {
    assertSame(QUERY, "select a, count(*) as n from t where b = 'x  y' group by a");
  }

  @Test
  void aTrailingSemicolonDoesNotCount() {
    assertSame(QUERY, QUERY + " ;\n");
  }

  @ParameterizedTest(name = "{0} is not {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "SELECT a FROM t|SELECT A FROM t",
        "SELECT 'a b' FROM t|SELECT 'a  b' FROM t",
        "SELECT 'a' FROM t|SELECT 'A' FROM t",
        "SELECT 1 AS \"x\"|SELECT 1 AS \"X\"",
        "SELECT 1 AS end|SELECT 1 AS END",
        "SELECT t.values FROM t|SELECT t.VALUES FROM t",
        "SELECT '-- a'|SELECT '-- b'",
        "SELECT '/* a */'|SELECT ''",
        "SELECT $$a$$|SELECT $$A$$",
        "SELECT $q$ -- a $q$|SELECT $q$ -- b $q$",
        "SELECT e'\\'--a'|SELECT e'\\'--b'",
        "SELECT a < - b|SELECT a <- b",
        "SELECT 1.0|SELECT 1.00",
        "SELECT day FROM t|SELECT Day FROM t",
        "SELECT 'it''s'|SELECT 'it' 's'",
        "SELECT a -- b|SELECT a - - b",
        "SELECT 1 2|SELECT 12",
        "SELECT u&'\\0041'|SELECT u & '\\0041'"
      })
  void whatMayMatterCounts(String one, String other) {
    assertThat(CanonicalSql.of(one)).isNotEqualTo(CanonicalSql.of(other));
  }

  @Test
  void unfinishedTextsAreNoReasonToFail() {
    assertThat(CanonicalSql.of("SELECT 'a")).isNotEqualTo(CanonicalSql.of("SELECT 'b"));
    assertThat(CanonicalSql.of("SELECT $a$ x")).isNotEqualTo(CanonicalSql.of("SELECT $a$ y"));
    assertThat(CanonicalSql.of("/* SELECT")).isEmpty();
    assertThat(CanonicalSql.of("SELECT e'\\")).isNotEmpty();
  }

  private static void assertSame(String one, String other) {
    assertThat(CanonicalSql.of(other)).isEqualTo(CanonicalSql.of(one));
  }
}

package io.headrace.engine.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.engine.Cancellation;
import io.headrace.table.TableData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RowComparisonTest extends WithSession {
  private boolean same(String a, String b) {
    TableData left = warehouse.write(a);
    TableData right = warehouse.write(b);
    boolean same = session.sameRows(left, right, Cancellation.never());
    assertThat(session.sameRows(right, left, Cancellation.never())).isEqualTo(same);
    return same;
  }

  @ParameterizedTest(name = "{0} = {1}: {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "SELECT 1 AS a | SELECT 1 AS a | true",
        "SELECT 1 AS a | SELECT 2 AS a | false",
        "SELECT 1 AS a | SELECT 1 AS b | false",
        "SELECT 1 AS a | SELECT 1 AS A | false",
        "SELECT 1 AS a | SELECT 1::BIGINT AS a | false",
        "SELECT 1 AS a, 2 AS b | SELECT 2 AS b, 1 AS a | false",
        "SELECT 1 AS a WHERE false | SELECT 2 AS a WHERE false | true",
        "SELECT 1 AS a WHERE false | SELECT 1 AS a | false",
        "SELECT unnest([1, 1, 2]) AS a | SELECT unnest([2, 1, 1]) AS a | true",
        "SELECT unnest([1, 1, 2]) AS a | SELECT unnest([1, 2, 2]) AS a | false",
        "SELECT NULL::INT AS a | SELECT NULL::INT AS a | true",
        "SELECT NULL::VARCHAR AS a | SELECT '' AS a | false",
        "SELECT 'nan'::DOUBLE AS a | SELECT 'nan'::DOUBLE AS a | true",
        "SELECT 0.0::DOUBLE AS a | SELECT -0.0::DOUBLE AS a | false",
        "SELECT [0.0::FLOAT] AS a | SELECT [-0.0::FLOAT] AS a | false",
        "SELECT {'a': [1, NULL]} AS side | SELECT {'a': [1, NULL]} AS side | true",
        "SELECT map {'a': 1} AS a | SELECT map {'a': 2} AS a | false",
        "SELECT range AS a FROM range(200000) | SELECT 199999 - range AS a FROM range(200000) | true",
        "SELECT range AS a FROM range(200000) | SELECT range % 199999 AS a FROM range(200000) | false",
      })
  void comparesRowsAsOftenAsTheyOccur(String a, String b, boolean expected) {
    assertThat(same(a, b)).isEqualTo(expected);
  }

  @Test
  void aVersionIsTheSameAsItself() {
    TableData table = warehouse.write("SELECT 1 AS a");
    assertThat(session.sameRows(table, table, Cancellation.never())).isTrue();
  }
}

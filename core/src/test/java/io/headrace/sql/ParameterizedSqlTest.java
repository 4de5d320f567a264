package io.headrace.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ParameterizedSqlTest {
  private static final Map<String, String> LITERALS = Map.of("since", "'2001-01-01'", "n", "7");

  @Test
  void parametersBecomeLiterals() {
    ParameterizedSql sql = ParameterizedSql.of("SELECT $n FROM t WHERE d > $since", LITERALS);
    assertThat(sql.sql()).isEqualTo("SELECT 7 FROM t WHERE d > '2001-01-01'");
    assertThat(sql.used()).isEqualTo(LITERALS);
    assertThat(sql.unknown()).isEmpty();
  }

  @Test
  void onlyUsedParametersAreNamed() {
    assertThat(ParameterizedSql.of("SELECT $n", LITERALS).used()).containsOnlyKeys("n");
  }

  @Test
  void textsAndCommentsKeepTheirDollars() {
    String sql = "SELECT '$n', \"$n\", $$ $n $$, $q$ $n $q$ -- $n\n/* $n */";
    assertThat(ParameterizedSql.of(sql, LITERALS).sql()).isEqualTo(sql);
  }

  @Test
  void aParameterWithoutValueIsReportedWithItsPlace() {
    assertThat(ParameterizedSql.of("SELECT $m", LITERALS).unknown())
        .containsExactly(new ParameterizedSql.Unknown("m", 7));
  }

  @Test
  void placesLeadBackToTheOriginalText() {
    String original = "SELECT $since, $n, x";
    ParameterizedSql sql = ParameterizedSql.of(original, LITERALS);
    assertThat(sql.originalOffset(sql.sql().indexOf('x'))).isEqualTo(original.indexOf('x'));
    assertThat(sql.originalOffset(3)).isEqualTo(3);
  }
}

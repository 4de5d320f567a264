package io.headrace.engine.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.headrace.engine.Cancellation;
import io.headrace.engine.Query.Select;
import io.headrace.engine.QueryException;
import io.headrace.table.Column;
import io.headrace.table.ColumnType.Primitive;
import io.headrace.table.TableName;
import io.headrace.table.TableSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;

class ErrorsTest extends WithSession {
  private QueryException describing(String sql) {
    return catchThrowableOfType(
        QueryException.class, () -> session.describe(new Select(sql), Cancellation.never()));
  }

  private QueryException querying(String sql) {
    return catchThrowableOfType(
        QueryException.class, () -> session.query(new Select(sql), 10, Cancellation.never()));
  }

  @Test
  void pointsAtWhatIsWrongInTheTextOfTheUser() {
    String sql = "SELECT '😀é', prise FROM (SELECT 1 AS price)";
    QueryException e = describing(sql);
    assertThat(e).hasMessage("Referenced column \"prise\" not found in FROM clause");
    assertThat(e.hint()).isEqualTo("Did you mean \"price\"?");
    assertThat(e.offset()).hasValue(sql.indexOf("prise"));
    assertThat(querying(sql).offset()).hasValue(sql.indexOf("prise"));
  }

  @Test
  void pointsBehindAPathThatWasMadeAbsolute() throws IOException {
    Files.writeString(folder.resolve("x.csv"), "a\n1\n");
    String sql = "SELECT a FROM 'x.csv' WHERE bb = 1";
    assertThat(describing(sql).offset()).hasValue(sql.indexOf("bb"));
    assertThat(describing("SELECT bb FROM 'x.csv'").offset()).hasValue(7);
  }

  @Test
  void suggestsTablesByTheirOwnNames() {
    session.bindEmpty(
        TableName.parse("orders"), new TableSchema(List.of(new Column(1, "a", Primitive.INT)), 1));
    session.query(new Select("FROM orders"), 1, Cancellation.never());
    assertThat(describing("FROM ordrs").hint()).isEqualTo("Did you mean \"orders\"?");
    assertThat(describing("FROM main.orders").hint()).isEqualTo("Did you mean \"orders\"?");
  }

  @Test
  void doesNotSuggestTablesOfTheEngine() {
    assertThat(describing("FROM nosuch").hint()).isEmpty();
  }

  @Test
  void reportsSyntaxErrorsAndSecondStatements() {
    assertThat(describing("SELECT 1 +")).hasMessageStartingWith("syntax error");
    assertThat(describing("SELECT 1; SELECT 2")).hasMessage("syntax error at or near \";\"");
    assertThat(describing("SELECT 1; SELECT 2").offset()).hasValue(8);
  }

  @Test
  void reportsWhereInAFileTheDataIsWrong() throws IOException {
    Files.writeString(folder.resolve("x.csv"), "a,b\n1,2026-01-31\n2,soon\n");
    QueryException e = querying("FROM read_csv('x.csv', types = {'b': 'DATE'}, header = true)");
    assertThat(e.getMessage()).startsWith(folder + "/x.csv, line 3: ").doesNotContain("\n");
    assertThat(e.hint()).isEqualTo("The line is: 2,soon");
  }

  @Test
  void tellsWhenMemoryRanOut() {
    assertThat(querying("SELECT 1 // 0 + CAST('x' AS INT)").isOutOfMemory()).isFalse();
    QueryException e = querying("SELECT list(range) FROM range(300_000_000)");
    assertThat(e.isOutOfMemory()).isTrue();
    assertThat(e.hint()).startsWith("Raise `--memory`");
    assertThat(session.query(new Select("SELECT 1"), 1, Cancellation.never()).values()).hasSize(1);
  }
}

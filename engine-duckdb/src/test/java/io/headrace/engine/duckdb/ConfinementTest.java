package io.headrace.engine.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.engine.Query.Select;
import io.headrace.table.Column;
import io.headrace.table.ColumnType.Primitive;
import io.headrace.table.PartitionField;
import io.headrace.table.PartitionField.Transform;
import io.headrace.table.PartitionSlice;
import io.headrace.table.TableName;
import io.headrace.table.TableSchema;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which queries keep a change of the table {@code sales} inside of its partitions. */
class ConfinementTest {
  private static final TableName SALES = TableName.parse("sales");
  private static final Map<TableName, TableSchema> TABLES =
      Map.of(
          SALES,
          new TableSchema(
              List.of(
                  new Column(1, "month", Primitive.STRING),
                  new Column(2, "sold", Primitive.TIMESTAMP),
                  new Column(3, "shop", Primitive.STRING),
                  new Column(4, "price", Primitive.LONG)),
              4),
          TableName.parse("marts.shops"),
          new TableSchema(
              List.of(
                  new Column(1, "shop", Primitive.STRING),
                  new Column(2, "month", Primitive.STRING)),
              2));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT * FROM sales",
        "SELECT month, shop, sum(price) AS total FROM sales GROUP BY ALL;",
        "SELECT shop, month FROM sales WHERE price > 3 AND month > '2000'",
        "SELECT month, row_number() OVER (PARTITION BY month ORDER BY price) AS n FROM sales",
        "SELECT DISTINCT month, shop FROM sales",
        "WITH s AS (SELECT month, max(price) AS p FROM sales GROUP BY month) FROM s WHERE p > 1",
        "SELECT s.month, price FROM sales AS s JOIN marts.shops AS m ON m.shop = s.shop",
        "SELECT a.month, a.price, b.price AS other FROM sales AS a JOIN sales AS b USING (month)",
        "SELECT month, price FROM sales UNION ALL SELECT month, 0 FROM marts.shops",
        "SELECT m.month, s.price FROM marts.shops AS m LEFT JOIN sales AS s ON s.month = m.month",
        "SELECT month FROM marts.shops EXCEPT SELECT month FROM sales",
      })
  void aChangeStaysInside(String sql) {
    assertThat(isConfined(sql, PartitionField.Transform.IDENTITY, "month", "a", "b")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT month, price FROM sales LIMIT 5",
        "SELECT max(month) AS month, shop FROM sales GROUP BY shop",
        "SELECT month, sum(price) OVER (ORDER BY price) AS running FROM sales",
        "SELECT month, price FROM sales WHERE price > (SELECT avg(price) FROM sales)",
        "SELECT a.month, b.price FROM sales AS a JOIN sales AS b ON a.shop = b.shop",
        "SELECT upper(month) AS month, price FROM sales",
        "SELECT shop AS month, price FROM sales",
        "SELECT 'a' AS month, price FROM sales",
        "SELECT month, lag(price) OVER (PARTITION BY shop ORDER BY month) AS before FROM sales",
        "SELECT DISTINCT ON (shop) shop, month FROM sales ORDER BY month",
        "SELECT month FROM marts.shops",
        "SELECT month, price FROM sales UNION ALL SELECT '2001', max(price) FROM sales",
        "SELECT month, price FROM sales UNION ALL SELECT month, (SELECT max(price) FROM sales) FROM marts.shops",
        "SELECT * FROM nowhere",
        "SELECT month, price FROM sales, read_csv('x.csv')",
      })
  void aChangeMayGetOut(String sql) {
    assertThat(isConfined(sql, PartitionField.Transform.IDENTITY, "month", "a", "b")).isFalse();
  }

  @Test
  void calendarUnitsAreRangesOfTheColumn() {
    String sql = "SELECT sold, count(*) AS n FROM sales GROUP BY sold";
    assertThat(isConfined(sql, Transform.MONTH, "sold", "372")).isTrue();
    assertThat(isConfined(sql, Transform.DAY, "sold", "11323", "11330")).isTrue();
    assertThat(isConfined(sql, Transform.YEAR, "sold", "31")).isTrue();
    String shifted = "SELECT sold + INTERVAL 1 DAY AS sold, price FROM sales";
    assertThat(isConfined(shifted, Transform.MONTH, "sold", "372")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT * FROM sales",
        "SELECT shop, sum(price) AS total FROM sales GROUP BY ALL",
        "SELECT shop, max(price) AS p FROM sales JOIN marts.shops USING (shop) GROUP BY ALL",
        "SELECT shop, price FROM sales UNION ALL SELECT shop, 0 FROM marts.shops WHERE shop <> 'a'",
      })
  void aChangeStaysInItsBuckets(String sql) {
    assertThat(isConfined(sql, 16, "shop")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT max(shop) AS shop, month FROM sales GROUP BY month",
        "SELECT lower(shop) AS shop, price FROM sales",
        "SELECT shop, price FROM sales UNION ALL SELECT 'b', max(price) FROM sales",
        "SELECT price AS shop FROM sales",
        "SELECT price::DECIMAL(18, 2) AS shop FROM sales",
      })
  void aChangeMayGetOutOfItsBuckets(String sql) {
    assertThat(isConfined(sql, 16, "shop")).isFalse();
  }

  @Test
  void bucketsOfDifferentTypesAreNotTheSame() {
    String sql = "SELECT price::DECIMAL(38, 2) AS price FROM sales";
    assertThat(isConfined("SELECT price FROM sales", 4, "price")).isTrue();
    assertThat(isConfined(sql, 4, "price")).isFalse();
  }

  private static boolean isConfined(String sql, int buckets, String column) {
    PartitionField field = new PartitionField(Transform.BUCKET, column, buckets);
    PartitionSlice slice = new PartitionSlice(field, new TreeSet<>(List.of("0", "3")));
    return TestEngine.ENGINE.isConfined(new Select(sql), TABLES, slice, SALES, column);
  }

  @Test
  void nothingIsProvenOfNoPartition() {
    assertThat(isConfined("SELECT * FROM sales", Transform.IDENTITY, "month")).isFalse();
  }

  private static boolean isConfined(
      String sql, Transform transform, String column, String... values) {
    PartitionSlice slice =
        new PartitionSlice(new PartitionField(transform, column), new TreeSet<>(List.of(values)));
    return TestEngine.ENGINE.isConfined(new Select(sql), TABLES, slice, SALES, column);
  }
}

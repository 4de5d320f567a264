package io.headrace.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.catalog.Version;
import io.headrace.faults.Seed;
import io.headrace.faults.TestProject;
import io.headrace.faults.TestRun;
import io.headrace.table.TableName;
import io.headrace.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.InternalRecordWrapper;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.transforms.Transforms;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.util.SerializableFunction;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Iceberg finds the rows of tables with buckets where it would have put them. */
class BucketTest {
  private static final int ROWS = 300;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "r::INT",
        "(r * 4294967296 + r)::BIGINT",
        "(r / 100)::DECIMAL(12, 2)",
        "(r % 100 / 1000)::DECIMAL(3, 3)",
        "(r::HUGEINT * 100000000000000000000)::DECIMAL(38, 4)",
        "DATE '1970-01-01' + (r % 100000)::INT",
        "TIME '00:00:00' + to_microseconds(abs(r) * 40)",
        "TIMESTAMP '1970-01-01 00:00:00' + to_microseconds(r * 1000003)",
        "TIMESTAMPTZ '1970-01-01 00:00:00+00' + to_microseconds(r * 1000003)",
        "repeat('größe 🐘' || r, (abs(r) % 5)::INT)",
        "md5(r::VARCHAR)::UUID",
        "unhex(left(md5(r::VARCHAR), 2 * (abs(r) % 9)::INT))",
      })
  void valuesAreInTheBucketsOfIceberg(String expression) throws IOException {
    Seed seed = new Seed(BucketTest.class);
    SplittableRandom random = seed.random(0);
    String numbers =
        IntStream.range(0, ROWS)
            .mapToObj(i -> i == 0 ? "NULL" : i == 1 ? "0" : String.valueOf(random.nextInt()))
            .collect(Collectors.joining(", "));
    TestProject project =
        new TestProject(folder)
            .table(
                "t",
                "/*---\npartition_by: bucket(7, v)\n---*/ SELECT %s AS v FROM (SELECT unnest([%s])::BIGINT AS r)"
                    .formatted(expression, numbers));
    try (Workspace workspace = project.open()) {
      assertThat(TestRun.of(workspace).isGood()).isTrue();
      String id =
          workspace
              .catalog()
              .environments()
              .head("main")
              .version(TableName.parse("t"))
              .orElseThrow();
      Version version = workspace.catalog().versions().find(id).orElseThrow();
      SecondReader reader = new SecondReader(version.metadataLocation());
      Table table = reader.table();
      assertThat(table.spec().toString()).contains("bucket[7]");
      assertThat(rowsByPartition(table)).as("%s", seed).isEqualTo(rowsByBucket(table)).hasSize(8);
      oneFileIsReadForAValue(reader);
    }
  }

  private static Map<String, Long> rowsByPartition(Table table) throws IOException {
    Map<String, Long> rows = new TreeMap<>();
    try (CloseableIterable<FileScanTask> files = table.newScan().planFiles()) {
      for (FileScanTask file : files) {
        String bucket = String.valueOf(file.partition().get(0, Integer.class));
        rows.merge(bucket, file.file().recordCount(), Long::sum);
      }
    }
    return rows;
  }

  private static Map<String, Long> rowsByBucket(Table table) throws IOException {
    Type type = table.schema().findType("v");
    SerializableFunction<Object, Integer> bucket = Transforms.bucket(7).bind(type);
    InternalRecordWrapper internal = new InternalRecordWrapper(table.schema().asStruct());
    Map<String, Long> rows = new TreeMap<>();
    try (CloseableIterable<Record> records = IcebergGenerics.read(table).build()) {
      for (Record row : records) {
        Object value = internal.wrap(row).get(0, Object.class);
        rows.merge(String.valueOf(bucket.apply(value)), 1L, Long::sum);
      }
    }
    return rows;
  }

  /** The bounds of most values are of no help, because those of all buckets overlap. */
  private static void oneFileIsReadForAValue(SecondReader reader) throws IOException {
    Table table = reader.table();
    InternalRecordWrapper internal = new InternalRecordWrapper(table.schema().asStruct());
    try (CloseableIterable<Record> records = IcebergGenerics.read(table).build()) {
      for (Record row : records) {
        Object value = internal.wrap(row).get(0, Object.class);
        if (value != null) {
          assertThat(reader.plannedFiles(Expressions.equal("v", value))).isEqualTo(1);
        }
      }
    }
  }
}

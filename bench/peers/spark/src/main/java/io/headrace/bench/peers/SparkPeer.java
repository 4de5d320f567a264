package io.headrace.bench.peers;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.Trigger;

/**
 * Spark Structured Streaming on two cores: {@code BOOTSTRAP FOLDER ROWS}. Takes all messages of the
 * topic {@code events} into an Iceberg table, and ends.
 */
public final class SparkPeer {
  private static final String FIELDS =
      "id BIGINT, user STRING, at TIMESTAMP, page STRING, amount DECIMAL(10, 2), is_mobile BOOLEAN,"
          + " agent STRING";

  private SparkPeer() {}

  public static void main(String[] args) throws Exception {
    SparkSession spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.sql.catalog.bench", "org.apache.iceberg.spark.SparkCatalog")
            .config("spark.sql.catalog.bench.type", "hadoop")
            .config("spark.sql.catalog.bench.warehouse", args[1] + "/spark")
            .getOrCreate();
    spark.sql(
        "CREATE TABLE bench.events (partition INT, offset BIGINT, timestamp TIMESTAMP, key STRING, "
            + FIELDS
            + ") USING iceberg TBLPROPERTIES ('write.parquet.compression-codec' = 'zstd')");
    Dataset<Row> events =
        spark
            .readStream()
            .format("kafka")
            .option("kafka.bootstrap.servers", args[0])
            .option("subscribe", "events")
            .option("startingOffsets", "earliest")
            // Both cores read, though the topic has one partition.
            .option("minPartitions", "2")
            .load()
            .selectExpr(
                "partition",
                "offset",
                "timestamp",
                "CAST(key AS STRING) AS key",
                "from_json(CAST(value AS STRING), '" + FIELDS + "') AS fields")
            .select("partition", "offset", "timestamp", "key", "fields.*");
    events
        .writeStream()
        .format("iceberg")
        .outputMode("append")
        .trigger(Trigger.AvailableNow())
        .option("checkpointLocation", args[1] + "/checkpoint")
        .toTable("bench.events")
        .awaitTermination();
    long rows = spark.table("bench.events").count();
    spark.stop();
    if (rows != Long.parseLong(args[2])) {
      throw new IllegalStateException(rows + " rows");
    }
  }
}

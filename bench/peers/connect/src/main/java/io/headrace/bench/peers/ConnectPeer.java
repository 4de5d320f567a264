package io.headrace.bench.peers;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.hadoop.HadoopCatalog;
import org.apache.iceberg.types.Types;
import org.apache.kafka.connect.cli.ConnectStandalone;

/**
 * Iceberg's sink in a standalone Kafka Connect: {@code BOOTSTRAP FOLDER ROWS}. Takes all messages of
 * the topic {@code events} into an Iceberg table, and ends when they are committed.
 */
public final class ConnectPeer {
  private ConnectPeer() {}

  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[1]);
    long rows = Long.parseLong(args[2]);
    String warehouse = folder.resolve("connect").toString();
    HadoopCatalog catalog = new HadoopCatalog(new Configuration(), warehouse);
    Table table =
        catalog.createTable(
            TableIdentifier.of(Namespace.of("bench"), "events"),
            new Schema(
                Types.NestedField.optional(1, "id", Types.LongType.get()),
                Types.NestedField.optional(2, "user", Types.StringType.get()),
                Types.NestedField.optional(3, "at", Types.TimestampType.withZone()),
                Types.NestedField.optional(4, "page", Types.StringType.get()),
                Types.NestedField.optional(5, "amount", Types.DecimalType.of(10, 2)),
                Types.NestedField.optional(6, "is_mobile", Types.BooleanType.get()),
                Types.NestedField.optional(7, "agent", Types.StringType.get())));
    table.updateProperties().set("write.parquet.compression-codec", "zstd").commit();
    Path worker = folder.resolve("worker.properties");
    Files.writeString(
        worker,
        String.join(
            "\n",
            "bootstrap.servers=" + args[0],
            "listeners=http://127.0.0.1:0",
            "key.converter=org.apache.kafka.connect.storage.StringConverter",
            "value.converter=org.apache.kafka.connect.json.JsonConverter",
            "value.converter.schemas.enable=false",
            "consumer.auto.offset.reset=earliest",
            "consumer.max.poll.records=5000",
            "consumer.fetch.max.bytes=16777216",
            "consumer.max.partition.fetch.bytes=4194304",
            "offset.storage.file.filename=" + folder.resolve("offsets"),
            "plugin.discovery=only_scan"));
    Path sink = folder.resolve("sink.properties");
    Files.writeString(
        sink,
        String.join(
            "\n",
            "name=events",
            "connector.class=org.apache.iceberg.connect.IcebergSinkConnector",
            "tasks.max=2",
            "topics=events",
            "iceberg.tables=bench.events",
            "iceberg.kafka.bootstrap.servers=" + args[0],
            "iceberg.catalog.type=hadoop",
            "iceberg.catalog.warehouse=" + warehouse,
            "iceberg.control.commit.interval-ms=2000"));
    Thread connect =
        new Thread(
            () -> ConnectStandalone.main(new String[] {worker.toString(), sink.toString()}),
            "connect");
    connect.setDaemon(true);
    connect.start();
    while (committed(table) < rows) {
      Thread.sleep(100);
    }
    Runtime.getRuntime().halt(committed(table) == rows ? 0 : 1);
  }

  private static long committed(Table table) {
    table.refresh();
    Snapshot snapshot = table.currentSnapshot();
    return snapshot == null
        ? 0
        : Long.parseLong(Map.copyOf(snapshot.summary()).getOrDefault("total-records", "0"));
  }
}

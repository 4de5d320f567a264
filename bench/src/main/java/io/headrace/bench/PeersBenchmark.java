package io.headrace.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The same topic, read one after the other by Headrace, by Spark Structured Streaming on two cores
 * and by Iceberg's sink in Kafka Connect, each into an Iceberg table. All are whole processes.
 */
final class PeersBenchmark {
  /** Three times the speed is to be reached. */
  private static final double REACH = 1 / 3.0;

  private static final List<String> SPARK_NEEDS =
      List.of(
          "java.lang",
          "java.lang.invoke",
          "java.lang.reflect",
          "java.io",
          "java.net",
          "java.nio",
          "java.util",
          "java.util.concurrent",
          "java.util.concurrent.atomic",
          "jdk.internal.ref",
          "sun.nio.ch",
          "sun.nio.cs",
          "sun.security.action",
          "sun.util.calendar");

  private PeersBenchmark() {}

  static void run(Machine machine, Path folder, int messages)
      throws IOException, InterruptedException {
    try (Broker broker = new Broker(machine, folder)) {
      KafkaBenchmark.produce(broker.bootstrap(), messages);
      double ours = KafkaBenchmark.read(machine, folder, broker.bootstrap(), messages);
      for (String peer : List.of("Spark", "Connect")) {
        Path place = Files.createDirectory(folder.resolve(peer));
        Machine.Finished finished =
            Machine.run(command(machine, peer, broker.bootstrap(), place, messages));
        Machine.note(
            peer + ", rows from the topic to its table", messages / finished.seconds(), "rows/s");
        Machine.note(peer + ", most memory", (double) finished.peakMegabytes(), "MB");
        Machine.report("headrace / " + peer, ours / finished.seconds(), "x", REACH);
      }
    }
  }

  private static List<String> command(
      Machine machine, String peer, String bootstrap, Path folder, int messages) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx3g");
    SPARK_NEEDS.forEach(name -> command.add("--add-opens=java.base/" + name + "=ALL-UNNAMED"));
    Path built =
        machine
            .checkout()
            .resolve("bench/peers")
            .resolve(peer.toLowerCase(Locale.ROOT))
            .resolve("target");
    command.add("-cp");
    command.add(built.resolve("classes") + ":" + built.resolve("lib") + "/*");
    command.add("io.headrace.bench.peers." + peer + "Peer");
    command.addAll(List.of(bootstrap, folder.toString(), String.valueOf(messages)));
    return command;
  }
}

package io.headrace.broker;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * The process of a broker: {@code PORT FOLDER [PROPERTIES]}. Prints {@code ready PORT} when clients
 * can connect, or one line that says why it cannot start. Ends when its standard input does, so
 * that it does not outlive the process that started it.
 *
 * <p>A file of properties says how clients of the listener {@code CLIENTS} sign in, which is then
 * the one on the port; the broker talks to itself on another one.
 */
public final class BrokerMain {
  static final String READY = "ready ";
  private static final String LOOPBACK = "127.0.0.1";

  private BrokerMain() {}

  /** Runs until standard input ends or the process is asked to end. */
  public static void main(String[] args) {
    int port = Integer.parseInt(args[0]);
    Path folder = Path.of(args[1]).toAbsolutePath();
    try {
      Properties more = new Properties();
      if (args.length > 2) {
        try (InputStream in = Files.newInputStream(Path.of(args[2]))) {
          more.load(in);
        }
      }
      start(port == 0 ? freePort() : port, folder, more);
      awaitEndOfInput();
      // The hook shuts the server down.
      System.exit(0);
    } catch (IOException | RuntimeException e) {
      System.out.println(reason(e));
      System.exit(1);
    }
  }

  private static void start(int port, Path folder, Properties more) throws IOException {
    // Kafka says so only in its log, after it has begun.
    new ServerSocket(port, 1, InetAddress.getLoopbackAddress()).close();
    Files.createDirectories(folder);
    format(folder);
    Properties all = properties(more.isEmpty() ? port : freePort(), freePort(), folder);
    if (!more.isEmpty()) {
      String clients = ",CLIENTS://%s:%d".formatted(LOOPBACK, port);
      all.merge("listeners", clients, (own, other) -> own + "" + other);
      all.merge("advertised.listeners", clients, (own, other) -> own + "" + other);
      all.putAll(more);
    }
    KafkaRaftServer server = new KafkaRaftServer(KafkaConfig.fromProps(all, false), Time.SYSTEM);
    server.startup();
    Runtime.getRuntime().addShutdownHook(new Thread(server::shutdown, "broker-shutdown"));
    System.out.println(READY + port);
  }

  private static void awaitEndOfInput() throws IOException {
    try (InputStream in = System.in) {
      in.transferTo(OutputStream.nullOutputStream());
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static void format(Path folder) throws IOException {
    if (Files.exists(folder.resolve("meta.properties"))) {
      return;
    }
    try (PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
      new Formatter()
          .setNodeId(1)
          .setClusterId(Uuid.randomUuid().toString())
          .setDirectories(List.of(folder.toString()))
          .setMetadataLogDirectory(folder.toString())
          .setControllerListenerName("CONTROLLER")
          .setReleaseVersion(MetadataVersion.latestProduction())
          .setPrintStream(nowhere)
          .run();
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("cannot make its folder '%s': %s".formatted(folder, reason(e)), e);
    }
  }

  private static Properties properties(int port, int controllerPort, Path folder) {
    Properties all = new Properties();
    all.put("process.roles", "broker,controller");
    all.put("node.id", "1");
    all.put("controller.quorum.voters", "1@" + LOOPBACK + ":" + controllerPort);
    all.put(
        "listeners",
        "PLAINTEXT://%s:%d,CONTROLLER://%s:%d".formatted(LOOPBACK, port, LOOPBACK, controllerPort));
    all.put("advertised.listeners", "PLAINTEXT://%s:%d".formatted(LOOPBACK, port));
    all.put("controller.listener.names", "CONTROLLER");
    all.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
    all.put("inter.broker.listener.name", "PLAINTEXT");
    all.put("log.dirs", folder.toString());
    for (String topic :
        List.of("offsets.topic.", "transaction.state.log.", "share.coordinator.state.topic.")) {
      all.put(topic + "replication.factor", "1");
      all.put(topic + "num.partitions", "1");
    }
    all.put("transaction.state.log.min.isr", "1");
    all.put("share.coordinator.state.topic.min.isr", "1");
    all.put("group.initial.rebalance.delay.ms", "0");
    // Topics are made by those who write to them, as with most brokers that somebody tries.
    all.put("auto.create.topics.enable", "true");
    all.put("log.cleaner.dedupe.buffer.size", "4000000");
    all.put("log.cleaner.backoff.ms", "500");
    all.put("log.retention.check.interval.ms", "5000");
    // Otherwise a broker that was killed is away for ten seconds more.
    all.put("broker.session.timeout.ms", "1000");
    all.put("broker.heartbeat.interval.ms", "250");
    return all;
  }

  private static String reason(Throwable e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return String.valueOf(cause.getMessage() == null ? cause : cause.getMessage())
        .lines()
        .findFirst()
        .orElse("");
  }
}

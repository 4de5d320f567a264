package io.headrace.cli;

import io.headrace.broker.BrokerProcess;
import io.headrace.error.HeadraceException;
import io.headrace.error.UsageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code headrace broker}: Kafka for one machine. */
@Command(
    name = "broker",
    description = "Start a Kafka broker of one node, to try topics and to test; Ctrl-C ends it.",
    sortOptions = false)
final class BrokerCommand implements Callable<Integer> {
  private static final int MOST_PORTS = 65_535;

  private final Console console;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "The port on 127.0.0.1; 0 is any that is free (default: 9092)")
  private int port = 9092;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Where its topics are kept (default: .headrace/broker)")
  private Path data = Path.of(".headrace", "broker");

  BrokerCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws InterruptedException {
    requirePort(port);
    Path folder = console.folder().resolve(data).normalize();
    try (BrokerProcess broker = BrokerProcess.start(folder, port)) {
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(broker), "headrace-stop"));
      console
          .out()
          .println(
              "Kafka is at %s, with its topics in '%s'; Ctrl-C ends it"
                  .formatted(broker.bootstrap(), folder));
      console
          .err()
          .println(
              "Connect to it in headrace.yaml: `connections: {local: {bootstrap: \"%s\"}}`"
                  .formatted(broker.bootstrap()));
      broker.await();
      return 0;
    } catch (IOException e) {
      throw new HeadraceException(
          "Cannot start a broker: %s".formatted(e.getMessage()),
          "Is port %d free, and is '%s' writable and no other broker's? `--port 0` takes a free port"
              .formatted(port, folder));
    }
  }

  static void requirePort(int port) {
    if (port < 0 || port > MOST_PORTS) {
      throw new UsageException("There is no port %d".formatted(port), "Give 0 to 65535");
    }
  }

  private static void stop(BrokerProcess broker) {
    try {
      broker.close();
    } catch (IOException e) {
      // It is over.
    }
  }
}

package io.headrace.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** {@code headrace broker}, on the same cores as what reads from it. */
final class Broker implements AutoCloseable {
  private final Process process;
  private final BufferedReader out;
  private final String bootstrap;

  Broker(Machine machine, Path folder) throws IOException {
    this.process =
        new ProcessBuilder(
                machine.command().toString(),
                "broker",
                "--port",
                "0",
                "--data",
                folder.resolve("broker").toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    this.out = process.inputReader(StandardCharsets.UTF_8);
    this.bootstrap = String.valueOf(out.readLine()).replaceFirst("^Kafka is at ([^,]*),.*", "$1");
  }

  /** Where clients connect. */
  String bootstrap() {
    return bootstrap;
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    out.close();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

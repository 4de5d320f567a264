package io.headrace.broker;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A broker that was started. It keeps its topics in a folder, listens on the loopback interface
 * only, and ends with this process. Safe for many threads.
 */
public final class BrokerProcess implements AutoCloseable {
  private static final int SECONDS_TO_STOP = 20;

  /** Starting takes half of the time when Java compiles little and finds its classes prepared. */
  private static final List<String> FAST_START =
      List.of(
          "-XX:TieredStopAtLevel=1",
          "-XX:+UseSerialGC",
          "-XX:-UsePerfData",
          "-Xmx512m",
          "-Xshare:auto",
          "-Xlog:disable",
          "-Xlog:all=off");

  private final Process process;
  private final int port;
  private final Path archive;
  private final Path newArchive;

  private BrokerProcess(Process process, int port, Path archive, Path newArchive) {
    this.process = process;
    this.port = port;
    this.archive = archive;
    this.newArchive = newArchive;
  }

  /**
   * Starts a broker and waits until clients can connect.
   *
   * @param folder where its topics are, and what Java prepares for its next start; made if missing
   * @param port to listen on, or 0 for any that is free
   * @throws IOException if it does not start, with the reason as the message
   */
  public static BrokerProcess start(Path folder, int port) throws IOException {
    return start(folder, port, List.of());
  }

  /**
   * Starts a broker that clients sign in to, and waits until they can connect.
   *
   * @param properties a file that says how, for {@link BrokerMain}
   * @throws IOException if it does not start, with the reason as the message
   */
  public static BrokerProcess start(Path folder, int port, Path properties) throws IOException {
    return start(folder, port, List.of(properties.toString()));
  }

  private static BrokerProcess start(Path folder, int port, List<String> more) throws IOException {
    Files.createDirectories(folder);
    Path archive =
        folder.resolve("classes-%s.jsa".formatted(System.getProperty("java.vm.version")));
    Path newArchive = folder.resolve("classes.new");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(FAST_START);
    command.add(
        Files.exists(archive)
            ? "-XX:SharedArchiveFile=" + archive
            : "-XX:ArchiveClassesAtExit=" + newArchive);
    command.addAll(List.of("-cp", classPath(), "io.headrace.broker.BrokerMain"));
    command.addAll(List.of(Integer.toString(port), folder.resolve("topics").toString()));
    command.addAll(more);
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String line = "";
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    for (String next = out.readLine(); next != null; next = out.readLine()) {
      line = next;
      if (line.startsWith(BrokerMain.READY)) {
        int own = Integer.parseInt(line.substring(BrokerMain.READY.length()));
        return new BrokerProcess(process, own, archive, newArchive);
      }
    }
    process.destroyForcibly();
    throw new IOException(line.isEmpty() ? "its process ended at once" : line);
  }

  /** In a distribution, Kafka's classes are in a folder of their own beside the program's. */
  private static String classPath() throws IOException {
    try {
      Path own =
          Path.of(BrokerProcess.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      Path kafka = own.resolveSibling("broker");
      return Files.isDirectory(kafka)
          ? kafka + "/*:" + own.resolveSibling("*")
          : System.getProperty("java.class.path");
    } catch (URISyntaxException e) {
      throw new IOException(e);
    }
  }

  /** Where clients connect: {@code 127.0.0.1:PORT}. */
  public String bootstrap() {
    return "127.0.0.1:" + port;
  }

  /** The port that it listens on. */
  public int port() {
    return port;
  }

  /** Waits for its end, whoever asks for it. */
  public void await() throws InterruptedException {
    process.waitFor();
  }

  /** Kills it as {@code kill -9} does, and waits until it is dead. */
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Lets it end, and waits for that. What it acknowledged is there at its next start. */
  @Override
  public void close() throws IOException {
    try {
      process.getOutputStream().close();
      if (!process.waitFor(SECONDS_TO_STOP, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      } else if (Files.exists(newArchive)) {
        Files.move(newArchive, archive, StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}

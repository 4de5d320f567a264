package io.headrace.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code headrace serve} of a project. */
final class RunningServer implements AutoCloseable {
  private static final Pattern ADDRESS = Pattern.compile("at (http://\\S+);");

  /** Of {@code /proc/PID/stat}, which counts hundredths of seconds. */
  private static final double TICKS_A_SECOND = 100;

  private final HttpClient client =
      HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build();
  private final Process process;
  private final BufferedReader out;
  private final String address;

  RunningServer(Machine machine, Path project, String... options) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(machine.command().toString());
    command.addAll(List.of("serve", project.toString(), "--port", "0"));
    command.addAll(List.of(options));
    this.process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    this.out = process.inputReader(StandardCharsets.UTF_8);
    String said = String.valueOf(out.readLine());
    Matcher matcher = ADDRESS.matcher(said);
    if (!matcher.find()) {
      process.destroy();
      throw new IOException("The server said: " + said);
    }
    this.address = matcher.group(1);
  }

  /** Where a path is. */
  String url(String path) {
    return address + path;
  }

  /** What a browser gets for a path, to the last byte. */
  String get(String path) throws IOException, InterruptedException {
    return send(path, request(path));
  }

  /** Sends JSON, and returns the answer. */
  String post(String path, String json) throws IOException, InterruptedException {
    return send(
        path,
        request(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json)));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(url(path)));
  }

  private String send(String path, HttpRequest.Builder request)
      throws IOException, InterruptedException {
    HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
    if (response.statusCode() >= 300) {
      throw new IOException(
          path + " is answered with " + response.statusCode() + ": " + response.body());
    }
    return response.body();
  }

  /** How long a page takes, in seconds. */
  double secondsOf(String path) throws IOException, InterruptedException {
    long began = System.nanoTime();
    String unused = get(path);
    return (System.nanoTime() - began) / 1e9;
  }

  /** What it has resident now. */
  long megabytes() throws IOException {
    for (String line : Files.readAllLines(proc("status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) / 1024;
      }
    }
    throw new IOException("This is not Linux");
  }

  /** What it computed since it was started. */
  double processorSeconds() throws IOException {
    String stat = Files.readString(proc("stat"));
    List<String> fields = List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1));
    return (Long.parseLong(fields.get(11)) + Long.parseLong(fields.get(12))) / TICKS_A_SECOND;
  }

  private Path proc(String file) {
    return Path.of("/proc", String.valueOf(process.pid()), file);
  }

  @Override
  public void close() throws IOException {
    Machine.end(process);
    out.close();
  }
}

package io.headrace.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine;

/**
 * Uses every part of the program once, so that Java can record the classes that a start needs. The
 * launcher runs it when it prepares an archive of them.
 */
final class WarmUp {
  private static final Pattern ADDRESS = Pattern.compile("http://127\\.0\\.0\\.1:\\d+");
  private static final int MOST_LOOKS = 400;
  private static final int LOOK_MILLIS = 50;

  private WarmUp() {}

  static int run(Console real) {
    try {
      Path folder = Files.createTempDirectory("headrace-warm-up");
      try (PrintStream nowhere =
          new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
        Console console =
            new Console(nowhere, nowhere, false, folder, real.clock(), real.zone(), real.user());
        List<String[]> commands =
            List.of(
                new String[] {"init"},
                new String[] {"plan"},
                new String[] {"run"},
                new String[] {"run"},
                new String[] {"run", "--json"},
                new String[] {"query", "SELECT * FROM revenue"},
                new String[] {"query", "SELECT * FROM revenue", "--format", "csv"},
                new String[] {"show", "revenue"},
                new String[] {"why", "revenue"},
                new String[] {"test"},
                new String[] {"check"},
                new String[] {"verify"},
                new String[] {"env", "list"},
                new String[] {"log"},
                new String[] {"plan", "--json"},
                new String[] {"--help"});
        int failed = 0;
        for (String[] command : commands) {
          failed += Commands.execute(console, command) == 0 ? 0 : 1;
        }
        visit(real, folder);
        return failed == 0 ? 0 : 1;
      } finally {
        delete(folder);
      }
    } catch (IOException | InterruptedException e) {
      return 1;
    }
  }

  /** Looks at pages of a server, as its first visitor does. */
  private static void visit(Console real, Path folder) throws IOException, InterruptedException {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    try (PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8)) {
      Console console =
          new Console(out, out, false, folder, real.clock(), real.zone(), real.user());
      ServeCommand serve = new ServeCommand(console);
      Thread server =
          new Thread(() -> new CommandLine(serve).execute("--port", "0", "--no-schedules"));
      server.start();
      try {
        Matcher address = ADDRESS.matcher("");
        boolean isUp = false;
        for (int i = 0; i < MOST_LOOKS && !isUp && server.isAlive(); i++) {
          Thread.sleep(LOOK_MILLIS);
          address = ADDRESS.matcher(said.toString(StandardCharsets.UTF_8));
          isUp = address.find();
        }
        if (isUp) {
          visitPages(read(address.group()));
        }
      } finally {
        // It reads the folder, which is deleted then.
        serve.cancel().request("the warm-up is over");
        server.join();
      }
    }
  }

  private static void visitPages(String home) throws IOException {
    for (String page :
        List.of("", "/tables/revenue", "/tables/revenue/profile", "/graph", "/runs")) {
      String unused = read(home + page);
    }
  }

  /** Reads a page to its end, and says where it was found. */
  private static String read(String address) throws IOException {
    URLConnection connection = URI.create(address).toURL().openConnection();
    try (InputStream in = connection.getInputStream()) {
      in.transferTo(OutputStream.nullOutputStream());
    }
    return connection.getURL().toString();
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}

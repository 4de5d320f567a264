package io.headrace.cli;

import io.headrace.bytes.FileTrees;
import io.headrace.engine.Pause;
import io.headrace.server.HeadraceServer;
import io.headrace.server.api.Api;
import io.headrace.server.command.CommandDesk;
import io.headrace.server.iceberg.IcebergCatalog;
import io.headrace.server.monitor.Metrics;
import io.headrace.server.route.Projects;
import io.headrace.server.route.Route;
import io.headrace.server.runs.ServedProject;
import io.headrace.server.ui.Ui;
import io.headrace.workspace.Workspace;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Uses every part of the program once, so that Java can record the classes that a start needs. The
 * launcher runs it when it prepares an archive of them.
 */
final class WarmUp {
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
        return failed + new Visit(console).call() == 0 ? 0 : 1;
      } finally {
        FileTrees.delete(folder);
      }
    } catch (Exception e) {
      // Starts are slower without it, and nobody asked to see why.
      return 1;
    }
  }

  /** Answers itself with its pages, as the first visitor of a server is answered. */
  private static final class Visit extends ProjectCommand {
    private static final String NAME = "warm-up";

    Visit(Console console) {
      super(console);
    }

    @Override
    int run(Workspace workspace) throws IOException {
      try (ServedProject served =
              new ServedProject(NAME, workspace, 1, new SplittableRandom(0), Pause.REAL);
          CommandDesk commands =
              new CommandDesk(new ServedCommands(console().clock()), console().clock())) {
        Projects projects = new Projects(new TreeMap<>(Map.of(NAME, served)));
        List<Route> routes = new ArrayList<>(Api.routes(projects, commands));
        routes.addAll(IcebergCatalog.routes(projects));
        routes.addAll(new Ui(projects, console().zone(), commands.reading()).routes());
        routes.add(Metrics.of(projects, Duration.ZERO).route());
        try (HeadraceServer server = HeadraceServer.start(0, routes)) {
          String address = "http://127.0.0.1:" + server.port();
          String home = address + "/projects/" + NAME;
          read(address + "/metrics");
          for (String page :
              List.of("", "/tables/revenue", "/tables/revenue/profile", "/graph", "/runs")) {
            read(home + page);
          }
        }
      }
      return 0;
    }
  }

  private static void read(String address) throws IOException {
    try (InputStream in = URI.create(address).toURL().openStream()) {
      in.transferTo(OutputStream.nullOutputStream());
    }
  }
}

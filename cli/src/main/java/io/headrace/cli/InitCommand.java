package io.headrace.cli;

import io.headrace.error.HeadraceException;
import io.headrace.error.UsageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code headrace init}: a small project that works. */
@Command(name = "init", description = "Make a small working project.", sortOptions = false)
final class InitCommand implements Callable<Integer> {
  /** The files of the project, which are resources below {@code init/}. */
  static final List<String> FILES =
      List.of(
          "headrace.yaml",
          "tables/orders.csv",
          "tables/customers.csv",
          "tables/revenue.sql",
          "tables/marts/best_customers.sql",
          "checks/balance.sql",
          "tests/revenue.yaml",
          ".gitignore");

  private final Console console;

  @Parameters(arity = "0..1", paramLabel = "DIR", description = "The folder (default: this one)")
  private Path folder = Path.of("");

  InitCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Path root = console.folder().resolve(folder).normalize();
    if (Files.exists(root.resolve("tables"))) {
      throw new UsageException(
          "Cannot make a project in '%s': it has a folder 'tables' already".formatted(root),
          "Choose another folder");
    }
    try {
      for (String file : FILES) {
        write(root, file);
      }
    } catch (IOException e) {
      throw new HeadraceException(
          "Cannot make a project in '%s': %s".formatted(root, e.getMessage()),
          "Is the folder writable?",
          e);
    }
    console.out().println("Made a project in '%s'".formatted(root));
    String where = folder.toString().isEmpty() ? "" : " " + folder;
    console.err().println("Run `headrace run%s` to build its tables".formatted(where));
    return 0;
  }

  private static void write(Path root, String file) throws IOException {
    Path target = root.resolve(file);
    if (Files.exists(target)) {
      return;
    }
    Path parent = target.getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    String resource = "init/" + (file.equals(".gitignore") ? "gitignore" : file);
    try (InputStream in = InitCommand.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IOException("resource '%s' is missing".formatted(resource));
      }
      Files.copy(in, target);
    }
  }
}

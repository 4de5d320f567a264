package io.headrace.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A folder in which commands run as if somebody had typed them. Its clock stands still. */
final class Sandbox {
  private final Path folder;
  private Path here;
  private Clock clock = new StandingClock(Instant.parse("2026-03-01T12:00:00Z"));

  Sandbox(Path folder) {
    this.folder = folder;
    this.here = folder;
  }

  /** What a command printed, and its exit code. */
  record Result(int code, String out, String err) {}

  Path folder() {
    return folder;
  }

  /** Sets the clock. */
  void setTime(Instant time) {
    clock = new StandingClock(time);
  }

  /** Takes the time from the machine. */
  void useRealTime() {
    clock = Clock.systemUTC();
  }

  /** Makes its folder. */
  void makeFolder() {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Goes to another folder, as {@code cd} does. */
  void enter(String other) {
    here = here.resolve(other).normalize();
  }

  /** Runs {@code headrace} with these arguments. */
  Result headrace(String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code = execute("", out, err, args);
    return new Result(code, out.toString(UTF_8), err.toString(UTF_8));
  }

  /** Runs {@code headrace}; what it prints comes in the order in which a terminal shows it. */
  String terminal(String... args) {
    return terminal("", args);
  }

  /**
   * The same where commands are done by a server.
   *
   * @param server its address, or empty
   */
  String terminal(String server, String... args) {
    ByteArrayOutputStream both = new ByteArrayOutputStream();
    execute(server, both, both, args);
    return both.toString(UTF_8);
  }

  private int execute(String server, OutputStream out, OutputStream err, String... args) {
    try (PrintStream outStream = new PrintStream(out, true, UTF_8);
        PrintStream errStream = new PrintStream(err, true, UTF_8)) {
      Console console =
          new Console(outStream, errStream, false, here, clock, ZoneOffset.UTC, "ada");
      int code =
          RemoteCommand.of(server, args)
              .map(command -> command.execute(console, Optional.empty()))
              .orElseGet(() -> Commands.execute(console, args));
      outStream.flush();
      errStream.flush();
      return code;
    }
  }

  /** Writes a file, and the folders above it. */
  Sandbox write(String file, String text) {
    if (file.endsWith(".db")) {
      return change(file, text);
    }
    return write(file, text.getBytes(UTF_8));
  }

  /** Runs SQL in a SQLite database, which is made if it is not there. */
  private Sandbox change(String database, String sql) {
    Path path = here.resolve(database);
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + path);
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(sql);
      return this;
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  /** Writes a file, and the folders above it. */
  Sandbox write(String file, byte[] bytes) {
    try {
      Path path = here.resolve(file);
      Files.createDirectories(path.resolveSibling("."));
      Files.write(path, bytes);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Deletes a file, or a folder with all that is in it. */
  void delete(String file) {
    try (Stream<Path> below = Files.walk(here.resolve(file))) {
      for (Path path : below.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes the rows of another table over those of a table; each has one data file. */
  void overwrite(String table, String other) {
    try {
      Files.copy(dataFile(other), dataFile(table), StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path dataFile(String table) throws IOException {
    try (Stream<Path> below = Files.list(here.resolve(".headrace/warehouse/" + table + "/data"))) {
      List<Path> files = below.toList();
      if (files.size() != 1) {
        throw new IllegalArgumentException("Not one file: " + files);
      }
      return files.get(0);
    }
  }

  /** Copies what is in a folder of the repository, but no state. */
  void copy(Path source, String target) {
    try (Stream<Path> below = Files.walk(source)) {
      List<Path> files = below.filter(Files::isRegularFile).toList();
      for (Path file : files) {
        Path name = source.relativize(file);
        if (!name.startsWith(".headrace")) {
          Path to = here.resolve(target).resolve(name.toString());
          Files.createDirectories(to.resolveSibling("."));
          Files.copy(file, to);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final class StandingClock extends Clock {
    private final Instant now;

    StandingClock(Instant now) {
      this.now = now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return now;
    }
  }
}

package io.headrace.cli;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.Optional;

/** Where the process begins. */
public final class Main {
  private Main() {}

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] args) {
    if (args.length == 1 && args[0].equals("--version")) {
      System.out.println("headrace " + Version.text());
      return;
    }
    PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
    Console console =
        new Console(
            out,
            err,
            Boolean.getBoolean("headrace.interactive"),
            Path.of("").toAbsolutePath(),
            Clock.systemUTC(),
            ZoneId.systemDefault(),
            System.getProperty("user.name", "unknown"));
    Optional<RemoteCommand> remote = RemoteCommand.of(setting("HEADRACE_SERVER").orElse(""), args);
    int code =
        args.length > 0 && args[0].equals("warm-up")
            ? WarmUp.run(console)
            : remote
                .map(command -> command.execute(console, setting("HEADRACE_TOKEN")))
                .orElseGet(() -> Commands.execute(console, args));
    out.flush();
    err.flush();
    // Ends at once: no thread of a library may keep a finished command from returning.
    Runtime.getRuntime().exit(code);
  }

  /** A variable of the environment that has a value. */
  private static Optional<String> setting(String name) {
    return Optional.ofNullable(System.getenv(name)).filter(value -> !value.isBlank());
  }
}

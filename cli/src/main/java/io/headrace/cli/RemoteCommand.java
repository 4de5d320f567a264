package io.headrace.cli;

import io.headrace.engine.Cancellation;
import io.headrace.error.HeadraceException;
import io.headrace.error.UsageException;
import io.headrace.server.json.Json;
import io.headrace.server.json.JsonReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A command that a server does: it is sent there as it was typed, and what it prints comes back as
 * it is printed. Ctrl-C asks the server to stop it. A connection that is lost is made anew, and
 * nothing is done twice or printed twice.
 */
final class RemoteCommand {
  private static final String OPTION = "--server";
  private static final String HELP = "--help";

  private final String server;
  private final List<String> arguments;

  private RemoteCommand(String server, List<String> arguments) {
    this.server = server;
    this.arguments = List.copyOf(arguments);
  }

  /**
   * The command, if a server shall do it: with the option {@code --server}, or else by default.
   *
   * @param usual the server that does commands without the option, or empty
   */
  static Optional<RemoteCommand> of(String usual, String... args) {
    List<String> rest = new ArrayList<>();
    String server = "";
    for (int i = 0; i < args.length; i++) {
      if (args[i].equals(OPTION) && i + 1 < args.length) {
        i++;
        server = args[i];
      } else if (args[i].startsWith(OPTION + "=")) {
        server = args[i].substring(OPTION.length() + 1);
      } else {
        rest.add(args[i]);
      }
    }
    boolean isLocal =
        rest.isEmpty()
            || rest.contains(HELP)
            || rest.contains("-h")
            || rest.get(0).startsWith("-")
            || (server.isEmpty() && ServedCommands.LOCAL.contains(rest.get(0)));
    String chosen = server.isEmpty() ? usual : server;
    return isLocal || chosen.isEmpty()
        ? Optional.empty()
        : Optional.of(new RemoteCommand(chosen, rest));
  }

  /**
   * Has it done, and returns its exit code; never throws.
   *
   * @param token who asks, or empty
   */
  int execute(Console console, Optional<String> token) {
    Cancellation cancel = new Cancellation();
    try (StopHook hook = StopHook.requesting(cancel)) {
      return execute(console, new ServerConnection(server, token), cancel);
    } catch (HeadraceException e) {
      console.error(String.valueOf(e.getMessage()), e.hint());
      return e.exitCode();
    } catch (IOException e) {
      console.error("Lost the server '%s': %s".formatted(server, e.getMessage()), "");
      return 1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 130;
    }
  }

  private int execute(Console console, ServerConnection connection, Cancellation cancel)
      throws IOException, InterruptedException {
    List<String> typed = new ArrayList<>(arguments);
    int input = typed.indexOf("-");
    if (typed.get(0).equals("query") && input > 0) {
      typed.set(input, console.standardInput());
    }
    String commands = connection.project() + "/commands";
    String key = UUID.randomUUID().toString();
    JsonReader begun =
        connection.post(
            commands, key, Json.object("arguments", typed, "zone", console.zone().getId()));
    String path = commands + "/" + begun.text("command").orElse(key);
    try (Cancellation.Registration registration =
        cancel.onRequest(() -> connection.tryPost(path + "/cancel"))) {
      return connection.follow(
          path + "/events",
          (event, object) -> {
            String text = object.text("text").orElse("");
            (event.equals("out") ? console.out() : console.err()).print(text);
            console.out().flush();
            console.err().flush();
          },
          last -> Integer.parseInt(last.text("exit_code").orElse("1")));
    } catch (NumberFormatException e) {
      throw new UsageException("'%s' is no Headrace server".formatted(server), "See its address");
    }
  }
}

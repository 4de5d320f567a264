package io.headrace.cli;

import io.headrace.access.AccountName;
import io.headrace.access.Accounts;
import io.headrace.access.Users.User;
import io.headrace.error.HeadraceException;
import io.headrace.error.NearestWord;
import io.headrace.error.UsageException;
import io.headrace.server.access.Passwords;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code headrace user}: people who may log in to a server. */
@Command(
    name = "user",
    description = "Add, list and remove people who may log in to `headrace serve`.",
    synopsisSubcommandLabel = "COMMAND")
final class UserCommand extends CommandGroup {
  UserCommand(Console console) {
    super(console);
  }

  /** The command with the commands below it. */
  static CommandLine commandLine(Console console) {
    return new CommandLine(new UserCommand(console))
        .addSubcommand("add", new Add(console))
        .addSubcommand("list", new ListUsers(console))
        .addSubcommand("logout", new Logout(console))
        .addSubcommand("password", new Password(console))
        .addSubcommand("remove", new Remove(console));
  }

  private abstract static class OfOne extends AccessCommand {
    @Parameters(paramLabel = "NAME", description = "The user's name: a-z, 0-9 and . _ @ -")
    private String name = "";

    OfOne(Console console) {
      super(console);
    }

    final String name() {
      return name;
    }

    final UsageException unknown(Accounts accounts) {
      return new UsageException(
          "There is no user '%s'".formatted(name),
          NearestWord.hint(
              name,
              accounts.users().list().stream().map(User::name).toList(),
              "See `headrace user list %s`".formatted(option())));
    }
  }

  private abstract static class WithPassword extends OfOne {
    @Option(
        names = "--password-file",
        paramLabel = "FILE",
        description = "Read the password from the first line of a file instead of the terminal")
    private @Nullable Path file;

    WithPassword(Console console) {
      super(console);
    }

    final String hash() {
      return new Passwords().hashGood(name(), password());
    }

    @SuppressWarnings("SystemConsoleNull") // newer Java says otherwise whether it is a terminal
    private String password() {
      Path from = file;
      if (from != null) {
        return read(console().folder().resolve(from));
      }
      java.io.Console terminal = System.console();
      if (terminal == null || !console().isInteractive()) {
        throw new UsageException(
            "There is no terminal to ask for a password at", "Give `--password-file FILE`");
      }
      String first = ask(terminal, "Password: ");
      if (!first.equals(ask(terminal, "Once more: "))) {
        throw new UsageException("These are two different passwords", "Try again");
      }
      return first;
    }

    private static String ask(java.io.Console terminal, String prompt) {
      return Optional.ofNullable(terminal.readPassword("%s", prompt)).map(String::new).orElse("");
    }

    private static String read(Path file) {
      try {
        return Files.readString(file, StandardCharsets.UTF_8).lines().findFirst().orElse("");
      } catch (IOException e) {
        throw new HeadraceException(
            "Cannot read the password in '%s': %s".formatted(file, e), "Is it there, and text?", e);
      }
    }
  }

  @Command(
      name = "add",
      description = "Add a user, who may do nothing yet; makes the folder if it is not there.",
      sortOptions = false)
  private static final class Add extends WithPassword {
    Add(Console console) {
      super(console);
    }

    @Override
    boolean isMaking() {
      return true;
    }

    @Override
    int run(Accounts accounts) {
      AccountName.require(name());
      Instant now = console().clock().instant();
      User user = new User(name(), hash(), now, now);
      record(accounts, "user add", name(), () -> accounts.users().add(user));
      console().out().println("Added user '%s'".formatted(name()));
      console()
          .err()
          .println(
              "Say in access.yaml what '%s' may do: `grants: [{who: %s, role: viewer}]`"
                  .formatted(name(), name()));
      return 0;
    }
  }

  @Command(name = "list", description = "List the users.", sortOptions = false)
  private static final class ListUsers extends AccessCommand {
    ListUsers(Console console) {
      super(console);
    }

    @Override
    int run(Accounts accounts) {
      TextTable text = new TextTable("", "lll").row("user", "added", "password of");
      for (User user : accounts.users().list()) {
        text.row(
            user.name(),
            Texts.time(user.createdAt(), console().zone()),
            Texts.time(user.changedAt(), console().zone()));
      }
      console().out().print(text);
      return 0;
    }
  }

  @Command(
      name = "password",
      description = "Change the password of a user, and end his sessions.",
      sortOptions = false)
  private static final class Password extends WithPassword {
    Password(Console console) {
      super(console);
    }

    @Override
    int run(Accounts accounts) {
      if (accounts.users().find(name()).isEmpty()) {
        throw unknown(accounts);
      }
      String hash = hash();
      Instant now = console().clock().instant();
      record(
          accounts,
          "user password",
          name(),
          () -> {
            if (!accounts.users().changePassword(name(), hash, now)) {
              throw unknown(accounts);
            }
          });
      console().out().println("Changed the password of '%s'".formatted(name()));
      return 0;
    }
  }

  @Command(
      name = "logout",
      description =
          "End all sessions of somebody and revoke his tokens, also of whom another server knows.",
      sortOptions = false)
  private static final class Logout extends AccessCommand {
    @Parameters(
        paramLabel = "NAME",
        description = "A user's name, or oidc:NAME as the audit log has it")
    private String name = "";

    Logout(Console console) {
      super(console);
    }

    @Override
    int run(Accounts accounts) {
      AtomicInteger ended = new AtomicInteger();
      AtomicInteger revoked = new AtomicInteger();
      record(
          accounts,
          "user logout",
          name,
          () -> {
            ended.set(accounts.sessions().endAll(name));
            revoked.set(accounts.tokens().revokeAll(name));
          });
      console()
          .out()
          .println(
              "Ended %s and revoked %s of '%s'"
                  .formatted(
                      Texts.count(ended.get(), "session"),
                      Texts.count(revoked.get(), "token"),
                      name));
      return 0;
    }
  }

  @Command(
      name = "remove",
      description = "Remove a user, with his sessions and tokens.",
      sortOptions = false)
  private static final class Remove extends OfOne {
    Remove(Console console) {
      super(console);
    }

    @Override
    int run(Accounts accounts) {
      record(
          accounts,
          "user remove",
          name(),
          () -> {
            if (!accounts.users().remove(name())) {
              throw unknown(accounts);
            }
          });
      console().out().println("Removed user '%s'".formatted(name()));
      return 0;
    }
  }
}

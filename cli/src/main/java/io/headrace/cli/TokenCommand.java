package io.headrace.cli;

import io.headrace.access.AccountName;
import io.headrace.access.Accounts;
import io.headrace.access.Person;
import io.headrace.access.Role;
import io.headrace.access.Tokens.Owner;
import io.headrace.access.Tokens.Token;
import io.headrace.error.NearestWord;
import io.headrace.error.UsageException;
import io.headrace.server.access.Secret;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code headrace token}: what programs show to a server to be let in. */
@Command(
    name = "token",
    description = "Create, list and revoke what programs show to `headrace serve`.",
    synopsisSubcommandLabel = "COMMAND")
final class TokenCommand extends CommandGroup {
  private static final String NEVER = "never";

  TokenCommand(Console console) {
    super(console);
  }

  /** The command with the commands below it. */
  static CommandLine commandLine(Console console) {
    return new CommandLine(new TokenCommand(console))
        .addSubcommand("create", new Create(console))
        .addSubcommand("list", new ListTokens(console))
        .addSubcommand("revoke", new Revoke(console));
  }

  @Command(
      name = "create",
      description =
          "Create a token, which may do nothing yet unless it has an owner, and show it this once; makes the folder if it is not there.",
      sortOptions = false)
  private static final class Create extends AccessCommand {
    @Parameters(paramLabel = "NAME", description = "The token's name: a-z, 0-9 and . _ @ -")
    private String name = "";

    @Option(
        names = "--expires",
        paramLabel = "TIME",
        description = "How long it is good, such as 30d, or never (default: 90d)")
    private String expires = "90d";

    @Option(
        names = "--owner",
        paramLabel = "WHO",
        description =
            "Whose it is: a user, or oidc:NAME; it has his rights and goes with him (default: nobody's)")
    private String owner = "";

    @Option(
        names = "--role",
        paramLabel = "ROLE",
        description = "With --owner: the most that it may do (default: viewer)")
    private String role = "";

    Create(Console console) {
      super(console);
    }

    @Override
    boolean isMaking() {
      return true;
    }

    @Override
    int run(Accounts accounts) {
      AccountName.require(name);
      Instant now = console().clock().instant();
      Optional<Instant> end =
          expires.equals(NEVER) ? Optional.empty() : Optional.of(now.plus(TimeSpan.parse(expires)));
      Optional<Owner> whose = owner();
      String full = whose.map(one -> one.token(name)).orElse(name);
      String token = Secret.newToken();
      Token kept = new Token(full, Secret.tokenDigest(token), now, end, Optional.empty(), whose);
      record(accounts, "token create", full, () -> accounts.tokens().add(kept));
      console().out().println(token);
      console()
          .err()
          .println(
              whose
                  .map(
                      one ->
                          "Nobody can show it again. It may do what '%s' may, as %s at most"
                              .formatted(one.person().name(), one.role()))
                  .orElse(
                      "Nobody can show it again. Say in access.yaml what it may do:"
                          + " `grants: [{who: token:%s, role: viewer}]`".formatted(name)));
      return 0;
    }

    private Optional<Owner> owner() {
      if (owner.isEmpty()) {
        if (!role.isEmpty()) {
          throw new UsageException(
              "--role without --owner", "Say in access.yaml what a token of nobody may do");
        }
        return Optional.empty();
      }
      Person person = new Person(owner, List.of());
      if (!person.isKnownElsewhere()) {
        AccountName.require(owner);
      }
      return Optional.of(new Owner(person, role.isEmpty() ? Role.VIEWER : Role.of(role)));
    }
  }

  @Command(name = "list", description = "List the tokens.", sortOptions = false)
  private static final class ListTokens extends AccessCommand {
    ListTokens(Console console) {
      super(console);
    }

    @Override
    int run(Accounts accounts) {
      Instant now = console().clock().instant();
      TextTable text =
          new TextTable("", "lllll").row("token", "at most", "created", "expires", "last used");
      for (Token token : accounts.tokens().list()) {
        text.row(
            token.name(),
            token.owner().map(owner -> owner.role().toString()).orElse(""),
            Texts.time(token.createdAt(), console().zone()),
            token.expiresAt().map(end -> Texts.time(end, console().zone())).orElse(NEVER)
                + (token.isGood(now) ? "" : " (expired)"),
            token.usedAt().map(used -> Texts.time(used, console().zone())).orElse(""));
      }
      console().out().print(text);
      return 0;
    }
  }

  @Command(
      name = "revoke",
      description = "Revoke a token: from now on it is worth nothing.",
      sortOptions = false)
  private static final class Revoke extends AccessCommand {
    @Parameters(
        paramLabel = "NAME",
        description = "The token's name; OWNER/NAME if it has an owner")
    private String name = "";

    Revoke(Console console) {
      super(console);
    }

    @Override
    int run(Accounts accounts) {
      record(
          accounts,
          "token revoke",
          name,
          () -> {
            if (!accounts.tokens().revoke(name)) {
              throw unknown(accounts);
            }
          });
      console().out().println("Revoked token '%s'".formatted(name));
      return 0;
    }

    private UsageException unknown(Accounts accounts) {
      return new UsageException(
          "There is no token '%s'".formatted(name),
          NearestWord.hint(
              name,
              accounts.tokens().list().stream().map(Token::name).toList(),
              "See `headrace token list %s`".formatted(option())));
    }
  }
}

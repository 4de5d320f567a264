package io.headrace.cli;

import io.headrace.access.Role;
import io.headrace.catalog.Environment;
import io.headrace.schedule.Schedule;
import io.headrace.server.route.Need;
import io.headrace.server.route.Need.Act;
import io.headrace.server.route.Where;
import io.headrace.server.runs.ServedProject;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * What somebody has to be to have a command done by a server: what the same route of the API needs,
 * and to see all that the command could print. A command or option that is not listed here is for
 * admins, and so is a name that could be a file.
 */
final class CommandNeeds {
  private static final List<Need> ADMIN = List.of(new Need.OnServer(Role.ADMIN));
  private static final List<Need> WHOLE = List.of(new Need.Whole());

  private static final Pattern ENVIRONMENT = Pattern.compile("[a-z0-9_-]+");
  private static final Pattern TABLES = Pattern.compile("[A-Za-z0-9_.+*:,@-]+");

  private static final Map<String, Rule> RULES = new LinkedHashMap<>();

  static {
    rule("query", (all, typed) -> at(typed), "--env", "--at", "--format", "--json", "--limit");
    rule("log", (all, typed) -> reading(typed), "--env", "--limit", "--json");
    rule("show", (all, typed) -> WHOLE, "--env", "--json");
    rule("why", (all, typed) -> WHOLE, "--env", "--json");
    rule("lineage", (all, typed) -> WHOLE, "--env", "--json");
    rule("diff", (all, typed) -> WHOLE, "--table", "--rows", "--json");
    rule("env list", (all, typed) -> WHOLE, "--json");
    rule("schedule list", (all, typed) -> WHOLE, "--json");
    rule("schedule ticks", (all, typed) -> WHOLE, "--limit", "--json");
    rule(
        "run",
        (all, typed) -> changing(environment(typed)),
        "--env",
        "--select",
        "--refresh",
        "--forward",
        "--param",
        "--publish",
        "--message",
        "--json",
        "--quiet",
        "--no-exports");
    rule(
        "promote",
        (all, typed) -> promotion(first(typed), option(typed, "--to")),
        "--to",
        "--message",
        "--json",
        "--no-exports");
    rule(
        "rollback",
        (all, typed) -> changing(first(typed)),
        "--to",
        "--table",
        "--json",
        "--no-exports");
    rule("env create", (all, typed) -> fork(first(typed), option(typed, "--from")), "--from");
    rule("env delete", (all, typed) -> changing(first(typed)));
    rule("schedule trigger", CommandNeeds::operating, "--param", "--key");
    rule("schedule pause", CommandNeeds::operating);
    rule("schedule resume", CommandNeeds::operating);
  }

  private CommandNeeds() {}

  /** Says what a command needs whose options are all known here. */
  @FunctionalInterface
  private interface Needing {
    List<Need> of(ServedProject project, ParseResult typed);
  }

  private record Rule(Needing needing, Set<String> options) {}

  private static void rule(String command, Needing needing, String... options) {
    RULES.put(command, new Rule(needing, Set.copyOf(Arrays.asList(options))));
  }

  /** What the words need that are typed behind {@code headrace}. */
  static List<Need> of(ServedProject project, List<String> arguments) {
    ParseResult typed;
    try {
      typed = parse(arguments);
    } catch (ParameterException e) {
      return WHOLE;
    }
    String name = name(typed);
    while (typed.hasSubcommand()) {
      typed = typed.subcommand();
    }
    Rule rule = RULES.get(name);
    if (rule == null || !isListed(rule, typed) || !isPlain(name, typed)) {
      return ADMIN;
    }
    List<Need> needs = rule.needing().of(project, typed);
    if (!needs.stream().allMatch(CommandNeeds::isGood)) {
      return ADMIN;
    }
    // What is said of an environment that is not there names those that are.
    return needs.stream().allMatch(need -> isThere(project, need)) ? needs : WHOLE;
  }

  /** The command that is typed, such as {@code env list}; empty if it is none. */
  static Optional<String> commandIn(List<String> arguments) {
    try {
      return Optional.of(name(parse(arguments)));
    } catch (ParameterException e) {
      return Optional.empty();
    }
  }

  private static String name(ParseResult typed) {
    List<String> words = new ArrayList<>();
    ParseResult command = typed;
    while (command.hasSubcommand()) {
      command = command.subcommand();
      words.add(command.commandSpec().name());
    }
    return String.join(" ", words);
  }

  private static ParseResult parse(List<String> arguments) {
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    Console console =
        new Console(nowhere, nowhere, false, Path.of(""), Clock.systemUTC(), ZoneOffset.UTC, "");
    String[] words = arguments.toArray(new String[0]);
    CommandLine line = Commands.commandLine(console, words);
    return line.parseArgs(words);
  }

  private static boolean isListed(Rule rule, ParseResult typed) {
    return typed.matchedOptions().stream()
        .allMatch(option -> rule.options().contains(option.longestName()));
  }

  /** Whether words are names of tables and the like, and no paths. A query can be anything. */
  private static boolean isPlain(String name, ParseResult typed) {
    return name.equals("query")
        || typed.matchedPositionals().stream()
            .flatMap(one -> one.stringValues().stream())
            .allMatch(word -> TABLES.matcher(word).matches());
  }

  private static boolean isGood(Need need) {
    if (need instanceof Need.In in) {
      return isGood(in.where());
    }
    return !(need instanceof Need.Take take) || (isGood(take.from()) && isGood(take.to()));
  }

  private static boolean isThere(ServedProject project, Need need) {
    return !(need instanceof Need.In in)
        || in.act() == Act.CHANGE
        || project.workspace().catalog().environments().find(in.where().key()).isPresent();
  }

  private static boolean isGood(Where where) {
    return ENVIRONMENT.matcher(where.key()).matches();
  }

  private static String option(ParseResult typed, String name) {
    return Optional.ofNullable(typed.matchedOption(name))
        .flatMap(option -> option.stringValues().stream().findFirst())
        .orElse(Environment.MAIN);
  }

  private static String environment(ParseResult typed) {
    return option(typed, "--env");
  }

  private static String first(ParseResult typed) {
    return typed.matchedPositionals().stream()
        .flatMap(one -> one.stringValues().stream())
        .findFirst()
        .orElse(Environment.MAIN);
  }

  private static List<Need> reading(ParseResult typed) {
    return List.of(Need.in(Act.SEE_TEXTS, Where.named(environment(typed))));
  }

  /** A number of a commit can be one of any environment. */
  private static List<Need> at(ParseResult typed) {
    return typed.hasMatchedOption("--at") ? WHOLE : reading(typed);
  }

  private static List<Need> changing(String environment) {
    Where there = Where.named(environment);
    return List.of(Need.in(Act.SEE_TEXTS, there), Need.in(Act.CHANGE, there));
  }

  private static List<Need> promotion(String from, String to) {
    List<Need> needs = new ArrayList<>(fork(to, from));
    needs.add(Need.in(Act.SEE_TEXTS, Where.named(to)));
    return needs;
  }

  private static List<Need> fork(String name, String from) {
    Where start = Where.named(from);
    Where end = Where.named(name);
    return List.of(Need.see(start), Need.in(Act.CHANGE, end), new Need.Take(start, end));
  }

  private static List<Need> operating(ServedProject project, ParseResult typed) {
    return Optional.ofNullable(project.workspace().readSettings().schedules().get(first(typed)))
        .map(Schedule::environment)
        .map(Where::named)
        .map(there -> List.of(Need.in(Act.SEE_TEXTS, there), Need.in(Act.OPERATE, there)))
        .orElse(ADMIN);
  }
}

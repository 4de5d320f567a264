package io.headrace.cli;

import io.headrace.error.HeadraceException;
import io.headrace.error.NearestWord;
import io.headrace.error.Problem;
import io.headrace.error.ProjectException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/** All commands by name, and how one is executed. */
final class Commands {
  private static final Map<String, Function<Console, Object>> ALL = new LinkedHashMap<>();

  static {
    ALL.put("init", InitCommand::new);
    ALL.put("plan", PlanCommand::new);
    ALL.put("run", RunCommand::new);
    ALL.put("backfill", BackfillCommand::new);
    ALL.put("replay", ReplayCommand::new);
    ALL.put("export", ExportCommand::new);
    ALL.put("query", QueryCommand::new);
    ALL.put("show", ShowCommand::new);
    ALL.put("why", WhyCommand::new);
    ALL.put("lineage", LineageCommand::new);
    ALL.put("check", CheckCommand::new);
    ALL.put("test", TestCommand::new);
    ALL.put("verify", VerifyCommand::new);
    ALL.put("log", LogCommand::new);
    ALL.put("diff", DiffCommand::new);
    ALL.put("env", EnvCommand::commandLine);
    ALL.put("promote", PromoteCommand::new);
    ALL.put("rollback", RollbackCommand::new);
    ALL.put("pin", PinCommand.Pin::new);
    ALL.put("unpin", PinCommand.Unpin::new);
    ALL.put("maintain", MaintainCommand::new);
    ALL.put("erase", EraseCommand::new);
    ALL.put("gc", GcCommand::new);
    ALL.put("doctor", DoctorCommand::new);
    ALL.put("broker", BrokerCommand::new);
    ALL.put("listen", ListenCommand::new);
    ALL.put("serve", ServeCommand::new);
    ALL.put("schedule", ScheduleCommand::commandLine);
    ALL.put("user", UserCommand::commandLine);
    ALL.put("token", TokenCommand::commandLine);
    ALL.put("audit", AuditCommand::new);
    ALL.put("completion", CompletionCommand::new);
  }

  private Commands() {}

  /** Executes a command line and returns the exit code; never throws. */
  static int execute(Console console, String... args) {
    CommandLine line = commandLine(console, args);
    return line.execute(args);
  }

  /**
   * The command line with the one command that {@code args} names, or with all of them if it names
   * none: describing a command to the parser takes longer than most commands.
   */
  static CommandLine commandLine(Console console, String... args) {
    CommandLine line = new CommandLine(new RootCommand(console));
    ALL.forEach(
        (name, command) -> {
          if (args.length == 0
              || !ALL.containsKey(args[0])
              || args[0].equals(name)
              || args[0].equals("completion")) {
            line.addSubcommand(name, command.apply(console));
          }
        });
    addHelp(line);
    line.setOut(new PrintWriter(console.out(), true, java.nio.charset.StandardCharsets.UTF_8));
    line.setErr(new PrintWriter(console.err(), true, java.nio.charset.StandardCharsets.UTF_8));
    line.setParameterExceptionHandler((e, a) -> wrongUsage(console, e));
    line.setExecutionExceptionHandler((e, l, result) -> failed(console, e));
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setUsageHelpAutoWidth(console.isInteractive());
    line.setUnmatchedOptionsArePositionalParams(false);
    // What is typed is not read from files, which may be those of a server.
    line.setExpandAtFiles(false);
    return line;
  }

  private static void addHelp(CommandLine line) {
    line.getCommandSpec()
        .addOption(
            OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Print this help")
                .build());
    line.getSubcommands().values().forEach(Commands::addHelp);
  }

  private static int wrongUsage(Console console, ParameterException e) {
    CommandLine line = e.getCommandLine();
    String hint = "See `%s --help`".formatted(line.getCommandSpec().qualifiedName());
    if (e instanceof CommandLine.UnmatchedArgumentException unmatched
        && !unmatched.getUnmatched().isEmpty()) {
      String word = unmatched.getUnmatched().get(0);
      List<String> known = new ArrayList<>(line.getSubcommands().keySet());
      line.getCommandSpec().options().forEach(option -> known.addAll(List.of(option.names())));
      boolean isOption = word.startsWith("-");
      boolean isCommand = !isOption && !line.getSubcommands().isEmpty();
      String kind = isOption ? "option" : isCommand ? "command" : "argument";
      console.error("Unknown %s '%s'".formatted(kind, word), NearestWord.hint(word, known, hint));
    } else if (e.getArgSpec() instanceof OptionSpec option && e.getValue() != null) {
      console.error(
          "Invalid value '%s' for option '%s'".formatted(e.getValue(), option.longestName()),
          "Give " + wanted(option));
    } else {
      console.error(String.valueOf(e.getMessage()), hint);
    }
    return 2;
  }

  /** The values that an option takes, in words. */
  private static String wanted(OptionSpec option) {
    if (option.type().isEnum()) {
      return "one of " + option.paramLabel().replace("|", ", ");
    }
    return Set.of(int.class, long.class, Long.class).contains(option.type())
        ? "a whole number"
        : option.paramLabel();
  }

  private static int failed(Console console, Exception e) {
    if (e instanceof ProjectException project) {
      for (Problem problem : project.problems()) {
        console.err().println("error: " + problem.at() + ": " + problem.message());
        if (!problem.hint().isEmpty()) {
          console.err().println("  hint: " + problem.hint());
        }
      }
      int count = project.problems().size();
      console.err().println();
      console.err().println(count == 1 ? "1 problem found" : count + " problems found");
      return 1;
    }
    if (e instanceof HeadraceException known) {
      console.error(String.valueOf(known.getMessage()), known.hint());
      return known.exitCode();
    }
    console.error("Something went wrong that Headrace has no words for: " + e, defectHint(e));
    return 1;
  }

  private static String defectHint(Exception e) {
    StringWriter trace = new StringWriter();
    e.printStackTrace(new PrintWriter(trace));
    try {
      Path file = Files.createTempFile("headrace-defect-", ".txt");
      Files.writeString(file, trace.toString());
      return "This is a defect: please report it, with the file '%s'".formatted(file);
    } catch (java.io.IOException writing) {
      return "This is a defect: please report it";
    }
  }
}

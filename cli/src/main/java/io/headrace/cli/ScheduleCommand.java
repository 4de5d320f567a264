package io.headrace.cli;

import io.headrace.catalog.Requests.Request;
import io.headrace.catalog.Schedules.Standing;
import io.headrace.catalog.Tick;
import io.headrace.error.NearestWord;
import io.headrace.error.UsageException;
import io.headrace.schedule.Schedule;
import io.headrace.server.json.Json;
import io.headrace.server.json.ServerJson;
import io.headrace.trigger.Asking;
import io.headrace.trigger.Outlook;
import io.headrace.trigger.Upstreams;
import io.headrace.trigger.Verdict;
import io.headrace.workspace.Workspace;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code headrace schedule}: what {@code headrace serve} runs by itself, and when. */
@Command(
    name = "schedule",
    description = "List, trigger, pause and resume what `headrace serve` runs by itself.",
    synopsisSubcommandLabel = "COMMAND")
final class ScheduleCommand extends CommandGroup {
  ScheduleCommand(Console console) {
    super(console);
  }

  /** The command with the commands below it. */
  static CommandLine commandLine(Console console) {
    return new CommandLine(new ScheduleCommand(console))
        .addSubcommand("list", new ListSchedules(console))
        .addSubcommand("ticks", new Ticks(console))
        .addSubcommand("trigger", new Trigger(console))
        .addSubcommand("pause", new Pause(console))
        .addSubcommand("resume", new Resume(console));
  }

  private static Schedule find(Workspace workspace, String name) {
    SortedMap<String, Schedule> schedules = workspace.readSettings().schedules();
    Schedule schedule = schedules.get(name);
    if (schedule == null) {
      throw new UsageException(
          "Unknown schedule '%s'".formatted(name),
          NearestWord.hint(
              name,
              schedules.keySet(),
              schedules.isEmpty()
                  ? "Write `schedules:` into headrace.yaml"
                  : "There are: " + String.join(", ", schedules.keySet())));
    }
    return schedule;
  }

  @Command(
      name = "list",
      description = "List the schedules, and when each is due next.",
      sortOptions = false)
  private static final class ListSchedules extends ProjectCommand {
    @Option(names = "--json", description = "Print JSON")
    private boolean json;

    ListSchedules(Console console) {
      super(console);
    }

    private String next(Schedule schedule, Standing standing, Verdict verdict) {
      if (verdict instanceof Verdict.Waits waits) {
        return "waits for %s%s"
            .formatted(
                String.join(", ", waits.lacks()),
                waits
                    .until()
                    .map(until -> ", until " + Texts.time(until, console().zone()))
                    .orElse(""));
      }
      return ServerJson.next(schedule, standing, verdict)
          .map(at -> Texts.time(at, console().zone()))
          .orElse("");
    }

    @Override
    int run(Workspace workspace) {
      Map<String, Standing> standings = workspace.catalog().schedules().all();
      Instant now = workspace.clock().instant();
      Outlook outlook = new Outlook(workspace, Upstreams.NONE);
      List<Object> objects = new ArrayList<>();
      TextTable text = new TextTable("", "lllll");
      text.row("schedule", "when", "next", "last", "");
      for (Schedule schedule : workspace.readSettings().schedules().values()) {
        Standing standing =
            Optional.ofNullable(standings.get(schedule.name())).orElseGet(() -> Standing.none(now));
        Optional<Tick> last = standing.last();
        Verdict verdict = outlook.of(schedule, standing, now);
        objects.add(ServerJson.of(schedule, standing, verdict));
        text.row(
            schedule.name(),
            ServerJson.trigger(schedule),
            standing.paused().isPresent()
                ? "paused by " + standing.paused().get().by()
                : next(schedule, standing, verdict),
            last.map(tick -> word(tick.state())).orElse(""),
            last.map(tick -> Texts.time(tick.due(), console().zone())).orElse(""));
      }
      if (json) {
        console().out().println(Json.write(objects));
      } else if (objects.isEmpty()) {
        console().err().println("There are no schedules. Write `schedules:` into headrace.yaml");
      } else {
        console().out().print(text);
      }
      return 0;
    }
  }

  @Command(
      name = "trigger",
      description = "Ask for a run of a schedule; `headrace serve` runs it, once.",
      sortOptions = false)
  private static final class Trigger extends ProjectCommand {
    @Parameters(paramLabel = "NAME", description = "Its name")
    private String name = "";

    @Option(
        names = "--param",
        paramLabel = "NAME=VALUE",
        description = "A value for a parameter of the project; repeatable")
    private Map<String, String> values = new TreeMap<>();

    @Option(
        names = "--key",
        paramLabel = "KEY",
        description = "Whoever asks again with the same key asks for the same run")
    private @Nullable String key;

    Trigger(Console console) {
      super(console);
    }

    @Override
    int run(Workspace workspace) {
      Schedule schedule = find(workspace, name);
      Request request =
          new Asking(workspace)
              .ask(schedule, Optional.ofNullable(key), new TreeMap<>(values), console().user());
      console().out().println("Asked for a run of '%s', request %d".formatted(name, request.id()));
      boolean isPaused =
          workspace
              .catalog()
              .schedules()
              .find(name)
              .filter(standing -> standing.paused().isPresent())
              .isPresent();
      console()
          .err()
          .println(
              isPaused
                  ? "It is paused. Run `headrace schedule resume %s` to go on".formatted(name)
                  : "See what becomes of it with `headrace schedule ticks %s`".formatted(name));
      return 0;
    }
  }

  private static String word(Tick.State state) {
    return state.name().toLowerCase(Locale.ROOT);
  }

  @Command(
      name = "ticks",
      description = "Show when schedules were due, and what became of it, the latest first.",
      sortOptions = false)
  private static final class Ticks extends ProjectCommand {
    @Parameters(arity = "0..1", paramLabel = "NAME", description = "Of this one (default: of all)")
    private @Nullable String name;

    @Option(
        names = {"-n", "--limit"},
        paramLabel = "N",
        description = "How many (default: 20)")
    private int limit = 20;

    @Option(names = "--json", description = "Print JSON")
    private boolean json;

    Ticks(Console console) {
      super(console);
    }

    @Override
    int run(Workspace workspace) {
      Optional<String> only = Optional.ofNullable(name).map(n -> find(workspace, n).name());
      List<Tick> ticks = workspace.catalog().schedules().ticks(only, limit);
      if (json) {
        console().out().println(Json.write(ticks.stream().map(ServerJson::of).toList()));
        return 0;
      }
      TextTable text = new TextTable("", "lllrll");
      for (Tick tick : ticks) {
        text.row(
            Texts.time(tick.due(), console().zone()),
            tick.schedule(),
            word(tick.state()),
            tick.missed() == 0 ? "" : "+%,d missed".formatted(tick.missed()),
            tick.run().orElse(""),
            tick.message());
      }
      if (ticks.isEmpty()) {
        console().err().println("Nothing was due yet. `headrace serve` keeps schedules");
      } else {
        console().out().print(text);
      }
      return 0;
    }
  }

  @Command(
      name = "pause",
      description = "Let nothing of a schedule be run until it is resumed.",
      sortOptions = false)
  private static final class Pause extends ProjectCommand {
    @Parameters(paramLabel = "NAME", description = "Its name")
    private String name = "";

    Pause(Console console) {
      super(console);
    }

    @Override
    int run(Workspace workspace) {
      String found = find(workspace, name).name();
      Instant now = workspace.clock().instant();
      workspace.catalog().schedules().pause(found, console().user(), now);
      console().out().println("Paused '%s'".formatted(found));
      console().err().println("Run `headrace schedule resume %s` to go on".formatted(found));
      return 0;
    }
  }

  @Command(
      name = "resume",
      description = "Let a schedule that is paused go on, from now.",
      sortOptions = false)
  private static final class Resume extends ProjectCommand {
    @Parameters(paramLabel = "NAME", description = "Its name")
    private String name = "";

    Resume(Console console) {
      super(console);
    }

    @Override
    int run(Workspace workspace) {
      Schedule schedule = find(workspace, name);
      Instant now = workspace.clock().instant();
      workspace.catalog().schedules().resume(schedule.name(), now);
      console()
          .out()
          .println(
              "'%s' goes on%s"
                  .formatted(
                      schedule.name(),
                      schedule
                          .next(now)
                          .map(next -> ", next at " + Texts.time(next, console().zone()))
                          .orElse("")));
      return 0;
    }
  }
}

package io.headrace.server.api;

import io.headrace.access.Role;
import io.headrace.error.UsageException;
import io.headrace.server.access.Gate;
import io.headrace.server.access.Visitor;
import io.headrace.server.command.CommandDesk;
import io.headrace.server.command.CommandRunner.Asker;
import io.headrace.server.command.OngoingCommand;
import io.headrace.server.command.OngoingCommand.Channel;
import io.headrace.server.command.OngoingCommand.Printed;
import io.headrace.server.json.Json;
import io.headrace.server.json.JsonReader;
import io.headrace.server.route.Need;
import io.headrace.server.route.Projects;
import io.headrace.server.route.Route;
import io.headrace.server.runs.ServedProject;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Commands: whatever the command line can do with a project, as resources that begin, print and
 * end. Each says what it needs; what became of it is for who asked, and for admins.
 */
final class CommandRoutes {
  private static final String COMMANDS = Api.PROJECT + "/commands";
  private static final List<String> KEYS = List.of("arguments", "zone");

  private final Projects projects;
  private final CommandDesk desk;

  CommandRoutes(Projects projects, CommandDesk desk) {
    this.projects = projects;
    this.desk = desk;
  }

  List<Route> routes() {
    return List.of(
        Route.get(COMMANDS, "The commands that go on, and the latest ones", this::list)
            .needs(new Need.OnProject()),
        Route.post(
                COMMANDS,
                "Starts a command, with the words that are typed behind `headrace`, and answers at once",
                this::start)
            .keys(KEYS)
            .needs(new Need.OnProject()),
        Route.get(COMMANDS + "/{command}", "A command, and what it printed", this::show)
            .needs(new Need.OnProject()),
        Route.get(
                COMMANDS + "/{command}/events",
                "What a command prints, as server-sent events",
                this::events)
            .needs(new Need.OnProject()),
        Route.post(COMMANDS + "/{command}/cancel", "Asks a command to stop", this::cancel)
            .needs(new Need.OnProject()));
  }

  private void list(Context context) {
    Api.answer(
        context,
        desk.list(projects.of(context)).stream()
            .filter(command -> isFor(context, command))
            .map(CommandRoutes::of)
            .toList());
  }

  private static boolean isFor(Context context, OngoingCommand command) {
    return Visitor.of(context).rights().may(Role.ADMIN)
        || command.author().equals(Api.author(context));
  }

  private void start(Context context) {
    ServedProject project = projects.of(context);
    JsonReader wanted = JsonReader.read(context.body(), KEYS);
    String id = RequestKey.of(context).orElseGet(() -> UUID.randomUUID().toString());
    Asker asker = new Asker(Api.author(context), zone(wanted.text("zone").orElse("Z")));
    List<String> arguments = wanted.texts("arguments");
    List<Need> needs = desk.needs(project, arguments);
    Gate.require(projects, context, needs);
    OngoingCommand command = desk.start(project, id, arguments, needs, asker);
    context
        .status(HttpStatus.ACCEPTED)
        .header("Location", COMMANDS.replace("{project}", project.name()) + "/" + command.id());
    Api.answer(context, of(command));
  }

  private static ZoneId zone(String text) {
    try {
      return text.equals("Z") ? ZoneOffset.UTC : ZoneId.of(text);
    } catch (DateTimeException e) {
      throw new UsageException(
          "Unknown time zone '%s'".formatted(text), "Give one such as Europe/Berlin or UTC");
    }
  }

  private void show(Context context) throws InterruptedException {
    OngoingCommand command = find(context);
    Map<String, @Nullable Object> object = of(command);
    List<Printed> printed = command.printed().after(0, Duration.ZERO);
    object.put("out", texts(printed, Channel.OUT));
    object.put("err", texts(printed, Channel.ERR));
    Api.answer(context, object);
  }

  private static String texts(List<Printed> printed, Channel channel) {
    List<String> texts = new ArrayList<>();
    for (Printed each : printed) {
      if (each.channel() == channel) {
        texts.add(each.text());
      }
    }
    return String.join("", texts);
  }

  private void events(Context context) throws IOException {
    OngoingCommand command = find(context);
    EventStream.write(
        context,
        command.printed(),
        each ->
            Optional.of(
                new EventStream.Event(
                    each.channel().name().toLowerCase(Locale.ROOT),
                    Json.object("text", each.text()))),
        () -> of(command));
  }

  private void cancel(Context context) {
    OngoingCommand command = find(context);
    command.cancel();
    context.status(HttpStatus.ACCEPTED);
    Api.answer(context, of(command));
  }

  private OngoingCommand find(Context context) {
    String id = context.pathParam("command");
    OngoingCommand command =
        desk.find(projects.of(context), id)
            .filter(found -> isFor(context, found))
            .orElseThrow(() -> Projects.missing("command", id, List.of()));
    // It may print what he may not see any more.
    Gate.require(projects, context, command.needs());
    return command;
  }

  private static Map<String, @Nullable Object> of(OngoingCommand command) {
    return Json.object(
        "command", command.id(),
        "arguments", command.arguments(),
        "author", command.author(),
        "started", command.startedAt(),
        "exit_code", command.exitCode());
  }
}

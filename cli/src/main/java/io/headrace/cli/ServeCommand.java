package io.headrace.cli;

import io.headrace.catalog.Tick;
import io.headrace.connector.Secrets;
import io.headrace.engine.Cancellation;
import io.headrace.engine.Pause;
import io.headrace.error.HeadraceException;
import io.headrace.error.UsageException;
import io.headrace.schedule.Schedule;
import io.headrace.server.Endpoint;
import io.headrace.server.HeadraceServer;
import io.headrace.server.access.Access;
import io.headrace.server.access.Gate;
import io.headrace.server.access.Login;
import io.headrace.server.access.OidcLogin;
import io.headrace.server.access.OwnTokens;
import io.headrace.server.alert.Alert;
import io.headrace.server.alert.AlertListener;
import io.headrace.server.alert.Alerts;
import io.headrace.server.api.AccessRoutes;
import io.headrace.server.api.Api;
import io.headrace.server.command.CommandDesk;
import io.headrace.server.iceberg.IcebergCatalog;
import io.headrace.server.json.Json;
import io.headrace.server.monitor.EventLog;
import io.headrace.server.monitor.Metrics;
import io.headrace.server.monitor.Readiness;
import io.headrace.server.revision.GitRevisions;
import io.headrace.server.route.Projects;
import io.headrace.server.route.Route;
import io.headrace.server.runs.Revisions;
import io.headrace.server.runs.ServedProject;
import io.headrace.server.schedule.AllSchedules;
import io.headrace.server.schedule.Journal;
import io.headrace.server.schedule.Scheduler;
import io.headrace.server.ui.LoginPages;
import io.headrace.server.ui.TokenPages;
import io.headrace.server.ui.Ui;
import io.headrace.workspace.Workspace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code headrace serve}: keep schedules, and answer over HTTP. */
@Command(
    name = "serve",
    description = "Keep the schedules of projects, and answer over HTTP; Ctrl-C ends it.",
    sortOptions = false)
final class ServeCommand extends LongCommand {
  /** How what happens is told. */
  enum Log {
    TEXT,
    JSON
  }

  /** How often the age of tables is looked at. */
  private static final Duration LOOK = Duration.ofMinutes(1);

  /** How long what metrics say of a catalog is not read again. */
  private static final Duration READING = Duration.ofSeconds(15);

  @Parameters(
      arity = "0..*",
      paramLabel = "PROJECT",
      description = "Folders of projects (default: the one that you are in)")
  private List<Path> projects = new ArrayList<>();

  @Mixin private AccessOptions where = new AccessOptions();

  @Option(
      names = {"-j", "--jobs"},
      paramLabel = "N",
      description = "How many tables are built at the same time (default: one for each core)")
  private int jobs = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--runs",
      paramLabel = "N",
      description =
          "How many runs of schedules go on at the same time in a pool of which the project does not say (default: 4)")
  private int places = 4;

  @Option(names = "--no-schedules", description = "Only answer; leave schedules to other servers")
  private boolean noSchedules;

  @Option(
      names = "--ref",
      paramLabel = "REF",
      description =
          "Serve a branch, a tag or a commit of the git repository that each PROJECT is or is in, not the files of its folder")
  private @Nullable String ref;

  @Option(
      names = "--fetch",
      paramLabel = "DURATION",
      description = "With --ref: fetch so often, such as 1m (default: never)")
  private @Nullable String fetch;

  @Option(
      names = "--sandboxes",
      paramLabel = "PATTERN",
      description =
          "With --ref: each other branch that matches, such as 'feature/*', is run in an environment of its own")
  private @Nullable String sandboxes;

  @Option(
      names = "--log",
      paramLabel = "FORMAT",
      description = "text, or json for an object on a line for each event (default: text)")
  private Log log = Log.TEXT;

  ServeCommand(Console console) {
    super(console);
  }

  /** A server goes on, whatever becomes of a task. */
  @Override
  boolean isApartByDefault() {
    return true;
  }

  @Override
  public Integer call() throws Exception {
    Endpoint endpoint = where.endpoint(console().folder());
    requireJobs(jobs);
    if (places < 1) {
      throw new UsageException("Cannot have %d runs".formatted(places), "Give 1 or more");
    }
    try (StopHook hook = StopHook.requesting(cancel());
        Opened opened = new Opened()) {
      List<Optional<Path>> folders =
          projects.isEmpty() ? List.of(folder()) : projects.stream().map(Optional::of).toList();
      SortedMap<String, ServedProject> served = new TreeMap<>();
      for (Optional<Path> folder : folders) {
        Revisions revisions = revisions(folder, opened);
        String name = revisions.current().readSettings().name();
        ServedProject project =
            opened.add(
                new ServedProject(name, revisions, jobs, new SplittableRandom(), Pause.REAL));
        if (served.putIfAbsent(name, project) != null) {
          throw new UsageException(
              "Two of the projects are called '%s'".formatted(name),
              "Give one of them another `name` in its headrace.yaml");
        }
      }
      serve(served, endpoint, opened);
    }
    return 0;
  }

  /** The states of a project's files: its folder, or the commits of a repository. */
  private Revisions revisions(Optional<Path> folder, Opened opened) {
    if (ref == null) {
      if (fetch != null || sandboxes != null) {
        throw new UsageException(
            "%s without --ref".formatted(fetch == null ? "--sandboxes" : "--fetch"),
            "Say which branch is served: `--ref main`");
      }
      return Revisions.of(opened.add(open(folder)));
    }
    Path repository = console().folder().resolve(folder.orElse(Path.of(""))).normalize();
    if (!Files.isDirectory(repository)) {
      throw new UsageException(
          "Cannot open repository '%s': no such folder".formatted(repository),
          "Name the folder of a git repository, or of a project in one");
    }
    GitRevisions.Source source =
        new GitRevisions.Source(
            ref, Optional.ofNullable(fetch).map(TimeSpan::parse), Optional.ofNullable(sandboxes));
    return opened.add(
        GitRevisions.start(
            opened.add(openAt(repository)),
            source,
            e -> console().error(String.valueOf(e.getMessage()), e.hint())));
  }

  @Override
  int run(Workspace workspace) {
    throw new IllegalStateException("It serves several");
  }

  private void serve(SortedMap<String, ServedProject> served, Endpoint endpoint, Opened opened)
      throws Exception {
    Optional<EventLog> events = log == Log.JSON ? Optional.of(eventLog()) : Optional.empty();
    Optional<Access> access =
        where.access(
            console(), endpoint.doorway(), opened::add, e -> toldWrong(events, "access_wrong", e));
    AllSchedules kept = new AllSchedules();
    int schedules = 0;
    for (ServedProject project : served.values()) {
      Collection<Schedule> own = project.workspace().readSettings().schedules().values();
      kept.take(project.name(), own);
      schedules += own.size();
    }
    Projects all = new Projects(served);
    Metrics metrics = opened.add(Metrics.of(all, READING));
    CommandDesk commands =
        opened.add(new CommandDesk(new ServedCommands(console().clock()), console().clock()));
    List<Route> routes =
        new ArrayList<>(
            Api.routes(
                all, commands, access.map(a -> AccessRoutes.routes(() -> a)).orElse(List.of())));
    access.ifPresent(a -> routes.addAll(loginPages(a)));
    routes.addAll(IcebergCatalog.routes(all));
    Ui ui = new Ui(all, console().zone(), commands.reading());
    routes.addAll(ui.routes());
    routes.add(metrics.route());
    routes.add(
        new Readiness(all, Readiness.LEAST_BYTES, () -> access.flatMap(a -> a.file().problem()))
            .route());
    events.ifPresent(log -> routes.replaceAll(log::watching));
    HeadraceServer server =
        opened.add(
            HeadraceServer.start(
                endpoint,
                access.map(a -> Gate.of(all, a)).orElseGet(() -> Gate.open(all)),
                routes,
                e -> toldWrong(events, "certificate_wrong", e)));
    readAhead(ui);
    List<Journal> journals =
        new ArrayList<>(List.of(metrics.journal(), events.isPresent() ? events.get() : new Told()));
    List<AlertListener> listeners =
        List.of(metrics.alerts(), events.isPresent() ? events.get() : this::toldAlert);
    for (ServedProject project : served.values()) {
      events.ifPresent(project::listen);
      if (!noSchedules) {
        journals.add(
            opened.add(Alerts.start(project, LOOK, Pause.REAL, AlertListener.all(listeners))));
      }
    }
    Journal journal = Journal.all(journals);
    String name = "server " + UUID.randomUUID();
    for (ServedProject project : served.values()) {
      if (!noSchedules) {
        opened.add(Scheduler.start(project, kept, all, name, places, journal));
      }
    }
    sayServing(events, served, schedules, where.url(endpoint, server.port()), server.port());
    CountDownLatch asked = new CountDownLatch(1);
    try (Cancellation.Registration registration = cancel().onRequest(asked::countDown)) {
      asked.await();
    }
  }

  private static void readAhead(Ui ui) {
    Thread thread = new Thread(ui::readAhead, "headrace-read-ahead");
    thread.setDaemon(true);
    thread.start();
  }

  private void sayServing(
      Optional<EventLog> events,
      SortedMap<String, ServedProject> served,
      int schedules,
      String url,
      int port) {
    if (events.isPresent()) {
      events
          .get()
          .write(
              "serving",
              Json.object("projects", served.keySet(), "schedules", schedules, "port", port));
      return;
    }
    console()
        .out()
        .println(
            "Serving %s with %s at %s; Ctrl-C ends it"
                .formatted(
                    String.join(", ", served.keySet()), Texts.count(schedules, "schedule"), url));
    console().out().flush();
  }

  private List<Route> loginPages(Access access) {
    Login login = new Login(access);
    Secrets secrets = new Secrets(access.file().folder(), System::getenv);
    List<Route> routes =
        new ArrayList<>(LoginPages.routes(login, new OidcLogin(access, login, secrets)));
    routes.addAll(TokenPages.routes(new OwnTokens(access), console().zone()));
    return routes;
  }

  /** Tells of a file that is read again and became wrong; what it held before is still used. */
  private void toldWrong(Optional<EventLog> events, String name, HeadraceException e) {
    if (events.isPresent()) {
      events.get().write(name, Json.object("message", e.getMessage(), "hint", e.hint()));
    } else {
      console().error(String.valueOf(e.getMessage()), "What it held before is still used");
    }
  }

  private EventLog eventLog() {
    return new EventLog(
        console().clock(),
        line -> {
          console().out().println(line);
          console().out().flush();
        });
  }

  private void toldAlert(Alert alert, String channel, Optional<HeadraceException> failure) {
    if (failure.isPresent()) {
      console().error(alert.project() + ": " + failure.get().getMessage(), failure.get().hint());
    }
  }

  /** Tells people what schedules do. */
  private final class Told implements Journal {
    @Override
    public void dealtWith(String project, Tick tick) {
      String state = tick.state().name().toLowerCase(Locale.ROOT);
      console()
          .out()
          .println(
              "%s  %s  %s  %s%s"
                  .formatted(
                      Texts.time(tick.due(), console().zone()),
                      project,
                      tick.schedule(),
                      state,
                      tick.message().isEmpty() ? "" : ": " + tick.message()));
      console().out().flush();
    }

    @Override
    public void failed(String project, String schedule, HeadraceException failure) {
      String what = schedule.isEmpty() ? project : project + ", schedule " + schedule;
      console().error(what + ": " + failure.getMessage(), failure.hint());
    }
  }

  /** What is open, closed in the order against that in which it was opened. */
  private static final class Opened implements AutoCloseable {
    private final Deque<AutoCloseable> all = new ArrayDeque<>();

    <T extends AutoCloseable> T add(T one) {
      all.push(one);
      return one;
    }

    @Override
    public void close() throws Exception {
      for (AutoCloseable one : all) {
        one.close();
      }
    }
  }
}

package io.headrace.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.catalog.Commit;
import io.headrace.catalog.Environments;
import io.headrace.catalog.Tick;
import io.headrace.engine.Cancellation;
import io.headrace.engine.Pause;
import io.headrace.error.HeadraceException;
import io.headrace.faults.TestProject;
import io.headrace.server.revision.GitRevisions;
import io.headrace.server.runs.Order;
import io.headrace.server.runs.Revisions;
import io.headrace.server.runs.ServedProject;
import io.headrace.server.schedule.AllSchedules;
import io.headrace.server.schedule.Journal;
import io.headrace.server.schedule.Scheduler;
import io.headrace.trigger.Upstreams;
import io.headrace.workspace.Workspace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Projects that are served from a git repository. */
class GitTest {
  @TempDir Path folder;

  private final List<String> failures = Collections.synchronizedList(new ArrayList<>());

  @SuppressWarnings("NullAway.Init") // before each test
  private TestProject project;

  @BeforeEach
  void makeRepository() {
    project =
        new TestProject(folder.resolve("shop"))
            .write(".gitignore", ".headrace/\n")
            .write("tables/numbers.csv", "n\n1\n")
            .table("doubled", "SELECT n * 2 AS n FROM numbers");
    git("init", "-q", "-b", "main");
    commit();
  }

  private String git(String... arguments) {
    return git(project.root(), arguments);
  }

  private static String git(Path where, String... arguments) {
    List<String> command =
        new ArrayList<>(List.of("git", "-c", "user.name=ada", "-c", "user.email=ada@example.com"));
    command.addAll(Arrays.asList(arguments));
    return execute(where, command);
  }

  private static String execute(Path where, List<String> command) {
    try {
      Process process =
          new ProcessBuilder(command).directory(where.toFile()).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as(output).isZero();
      return output.strip();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private String commit() {
    git("add", "-A");
    git("commit", "-q", "-m", "work");
    return git("rev-parse", "HEAD");
  }

  /** A server of a branch. */
  private final class Site implements AutoCloseable {
    private final Workspace home;
    private final GitRevisions revisions;
    private final ServedProject served;
    private final Optional<Scheduler> scheduler;

    Site(TestProject repository, GitRevisions.Source source, boolean keepsSchedules) {
      home = repository.open();
      revisions = GitRevisions.start(home, source, e -> failures.add(e.getMessage()));
      served = new ServedProject("shop", revisions, 2, new SplittableRandom(), Pause.REAL);
      scheduler =
          keepsSchedules
              ? Optional.of(
                  Scheduler.start(
                      served,
                      new AllSchedules(),
                      Upstreams.NONE,
                      UUID.randomUUID().toString(),
                      4,
                      Journal.all(List.of())))
              : Optional.empty();
    }

    Site(String ref) {
      this(project, new GitRevisions.Source(ref, Optional.empty(), Optional.empty()), false);
    }

    String run() {
      var run = served.run(Order.of("ada"), Cancellation.never());
      assertThat(run.failure()).isEmpty();
      return run.result().orElseThrow().commit().map(this::message).orElse("");
    }

    String message(long commit) {
      return environments().findCommit(commit).map(Commit::message).orElseThrow();
    }

    Environments environments() {
      return home.catalog().environments();
    }

    void awaits(String revision) {
      Serving.await(() -> served.workspace().revision().equals(Optional.of(revision)));
    }

    @Override
    public void close() {
      scheduler.ifPresent(Scheduler::close);
      served.close();
      revisions.close();
      home.close();
    }
  }

  @Test
  void aRunUsesTheCommitAndNotTheFolder() {
    String first = git("rev-parse", "HEAD");
    project.table("doubled", "SELECT n * 3 AS n FROM numbers");
    try (Site site = new Site("main")) {
      assertThat(site.run()).endsWith(", at " + first);
      assertThat(TestProject.value(site.home, "SELECT n FROM doubled")).isEqualTo(2L);
      String second = commit();
      site.awaits(second);
      assertThat(site.run()).isEqualTo("update doubled, at " + second);
      assertThat(TestProject.value(site.home, "SELECT n FROM doubled")).isEqualTo(3L);
      project.write("tables/notes.txt", "no table");
      site.awaits(commit());
      assertThat(site.served.run(Order.of("ada"), Cancellation.never()).failure()).isPresent();
      assertThat(failures).isEmpty();
    }
  }

  @Test
  void whatWasBuiltOfACommitIsReusedByOthers() {
    try (Site site = new Site("main")) {
      site.run();
      project.write("README.md", "Hello\n");
      site.awaits(commit());
      assertThat(site.run()).isEmpty();
    }
  }

  @Test
  void aRunThatGoesOnKeepsItsCommit() {
    String first = git("rev-parse", "HEAD");
    try (Site site = new Site("main");
        Revisions.Use use = site.revisions.take(Optional.empty())) {
      project.table("doubled", "SELECT 7 AS n");
      String second = commit();
      site.awaits(second);
      assertThat(use.workspace().revision()).contains(first);
      assertThat(use.workspace().root().resolve("tables/doubled.sql"))
          .hasContent("SELECT n * 2 AS n FROM numbers")
          .isReadable();
      try (Revisions.Use older = site.revisions.take(Optional.of(first))) {
        assertThat(older.workspace()).isSameAs(use.workspace());
      }
    }
    assertThat(project.state().resolve("tmp")).isEmptyDirectory();
  }

  @Test
  void noHookAndNoFilterIsStarted() throws Exception {
    Path proof = folder.resolve("proof");
    git("config", "filter.evil.smudge", "touch " + proof + "; cat");
    git("config", "filter.evil.clean", "cat");
    git("config", "core.fsmonitor", "touch " + proof);
    project.write(".gitattributes", "*.csv filter=evil export-ignore eol=crlf\n");
    git("config", "--unset", "core.fsmonitor");
    commit();
    git("config", "core.fsmonitor", "touch " + proof);
    Path hook = project.root().resolve(".git/hooks/post-checkout");
    Files.writeString(hook, "#!/bin/sh\ntouch " + proof + "\n");
    assertThat(hook.toFile().setExecutable(true)).isTrue();
    Files.deleteIfExists(proof);
    try (Site site = new Site("main")) {
      assertThat(site.served.workspace().root().resolve("tables/numbers.csv")).hasContent("n\n1");
      site.run();
    }
    assertThat(proof).doesNotExist();
  }

  /** No program of git makes such a tree, but somebody can push it. */
  @Test
  void nothingIsWrittenThroughALink() throws IOException {
    Path outside = Files.createDirectory(folder.resolve("outside"));
    String script =
        """
        file=$(echo taken | git hash-object -w --stdin)
        link=$(printf %s OUTSIDE | git hash-object -w --stdin)
        under=$(printf '100644 blob %s\tproof\n' $file | git mktree)
        tables=$(git rev-parse HEAD:tables)
        printf '120000 blob %s\tdata\n040000 tree %s\tdata\n040000 tree %s\ttables\n' \
          $link $under $tables | git mktree
        """;
    String tree =
        execute(project.root(), List.of("sh", "-c", script.replace("OUTSIDE", outside.toString())));
    git("update-ref", "refs/heads/main", git("commit-tree", "-m", "work", tree));
    assertThatThrownBy(() -> new Site("main"))
        .isInstanceOf(HeadraceException.class)
        .hasMessageContaining("Cannot check out commit");
    assertThat(outside).isEmptyDirectory();
  }

  @Test
  void aProjectMayBeInAFolderOfABareRepository() {
    Path bare = folder.resolve("shop.git");
    git(folder, "clone", "-q", "--bare", project.root().toString(), bare.toString());
    TestProject repository = new TestProject(bare);
    try (Site site =
        new Site(
            repository,
            new GitRevisions.Source("main", Optional.empty(), Optional.empty()),
            false)) {
      site.run();
      assertThat(TestProject.value(site.home, "SELECT n FROM doubled")).isEqualTo(2L);
    }
    TestProject inner = new TestProject(project.root().resolve("sub/inner"));
    inner.table("inner_only", "SELECT 5 AS n");
    commit();
    try (Site site =
        new Site(
            inner, new GitRevisions.Source("main", Optional.empty(), Optional.empty()), false)) {
      site.run();
      assertThat(TestProject.value(site.home, "SELECT n FROM inner_only")).isEqualTo(5);
    }
  }

  @Test
  void whatIsPushedElsewhereIsFetched() {
    Path clone = folder.resolve("clone");
    git(folder, "clone", "-q", project.root().toString(), clone.toString());
    GitRevisions.Source source =
        new GitRevisions.Source(
            "origin/main", Optional.of(Duration.ofSeconds(1)), Optional.empty());
    try (Site site = new Site(new TestProject(clone), source, false)) {
      project.table("doubled", "SELECT 9 AS n");
      site.awaits(commit());
      site.run();
      assertThat(TestProject.value(site.home, "SELECT n FROM doubled")).isEqualTo(9);
    }
  }

  @Test
  void whatIsNotThereIsNamed() {
    assertThatThrownBy(() -> new Site("nowhere"))
        .isInstanceOf(HeadraceException.class)
        .hasMessageContaining("nowhere");
    git("rm", "-q", "-r", "tables");
    commit();
    assertThatThrownBy(() -> new Site("main"))
        .isInstanceOf(HeadraceException.class)
        .hasMessageContaining("it has no folder 'tables'");
  }

  @Test
  void aCommitThatCannotBeServedLeavesTheOneBefore() {
    String first = git("rev-parse", "HEAD");
    try (Site site = new Site("main")) {
      git("mv", "tables", "moved");
      commit();
      Serving.await(() -> !failures.isEmpty());
      assertThat(failures).singleElement().asString().contains("it has no folder 'tables'");
      assertThat(site.served.workspace().revision()).contains(first);
      site.run();
    }
  }

  private static List<Tick> over(Site site, String schedule) {
    return site.home.catalog().schedules().ticks(Optional.of(schedule), 99).stream()
        .filter(tick -> tick.state() != Tick.State.RUNNING)
        .toList();
  }

  @Test
  void eachBranchThatMatchesHasASandboxUntilItIsGone() {
    GitRevisions.Source source =
        new GitRevisions.Source("main", Optional.empty(), Optional.of("feature/*"));
    try (Site site = new Site(project, source, true)) {
      site.run();
      git("checkout", "-q", "-b", "feature/tripled");
      project.table("doubled", "SELECT n * 3 AS n FROM numbers");
      String first = commit();
      git("checkout", "-q", "-b", "other");
      String schedule = "branch feature/tripled";
      Serving.await(() -> over(site, schedule).size() == 1);
      String environment =
          site.environments().list().stream()
              .map(found -> found.name())
              .filter(name -> name.startsWith("branch-feature-tripled-"))
              .findFirst()
              .orElseThrow();
      assertThat(site.environments().log(environment, 1).get(0).message())
          .isEqualTo("update doubled, at " + first);
      assertThat(TestProject.query(site.home, environment, "SELECT n FROM doubled"))
          .isEqualTo(List.of(List.of((Object) 3L)));
      assertThat(TestProject.value(site.home, "SELECT n FROM doubled")).isEqualTo(2L);
      git("checkout", "-q", "feature/tripled");
      project.table("doubled", "SELECT n * 4 AS n FROM numbers");
      commit();
      git("checkout", "-q", "main");
      Serving.await(() -> over(site, schedule).size() == 2);
      assertThat(TestProject.query(site.home, environment, "SELECT n FROM doubled"))
          .isEqualTo(List.of(List.of((Object) 4L)));
      leaveAlone(environment);
      git("branch", "-q", "-D", "feature/tripled");
      Serving.await(() -> site.environments().list().size() == 1);
      Serving.await(() -> over(site, schedule).isEmpty());
      assertThat(site.environments().log("main", 9)).hasSize(1);
      assertThat(failures).isEmpty();
    }
  }

  /** Who serves no sandboxes deletes none, and who serves others only those of branches gone. */
  private void leaveAlone(String environment) {
    GitRevisions.Source fixes =
        new GitRevisions.Source("main", Optional.empty(), Optional.of("fix/*"));
    git("branch", "fix/one");
    try (Site other = new Site(project, fixes, true)) {
      Serving.await(() -> over(other, "branch fix/one").size() == 1);
      assertThat(other.environments().find(environment)).isPresent();
    }
    git("branch", "-q", "-D", "fix/one");
    project.write("headrace.yaml", "schedules: {often: {every: 1s}}");
    try (Serving other = Serving.start(project, Clock.systemUTC())) {
      other.await("often", 1);
      assertThat(other.workspace().catalog().environments().find(environment)).isPresent();
    }
    project.delete("headrace.yaml");
  }

  @Test
  void schedulesAreThoseOfTheCommit() {
    project.write("headrace.yaml", "schedules: {often: {every: 1s}}");
    try (Site site =
        new Site(
            project, new GitRevisions.Source("main", Optional.empty(), Optional.empty()), true)) {
      Serving.await(() -> site.served.workspace().clock().equals(Clock.systemUTC()));
      assertThat(over(site, "often")).isEmpty();
      commit();
      Serving.await(() -> over(site, "often").size() >= 2);
    }
  }
}

package io.headrace.server.revision;

import static java.util.Objects.requireNonNull;

import io.headrace.error.HeadraceException;
import io.headrace.error.UsageException;
import io.headrace.server.runs.Revisions;
import io.headrace.table.Wildcards;
import io.headrace.workspace.Scratch;
import io.headrace.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The commits of a branch of a git repository. Each has a folder of its own, into which its files
 * are written once and never changed; it is deleted when nobody uses it any more and a newer one is
 * there. Safe for many threads.
 */
public final class GitRevisions implements Revisions {
  /** How often refs are looked at. */
  private static final Duration LOOK = Duration.ofSeconds(1);

  /** How long files stay that somebody may look at without having said so. */
  private static final Duration LINGER = Duration.ofMinutes(1);

  private static final String HEADS = "refs/heads/";

  private final Workspace home;
  private final Source source;
  private final GitRepository repository;
  private final Consumer<HeadraceException> told;
  private final Map<String, Held> held = new HashMap<>();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "headrace-revisions");
            thread.setDaemon(true);
            return thread;
          });
  private Held current;
  private Optional<Branches> branches = Optional.empty();
  private long fetched = System.nanoTime();
  private String lastFailure = "";
  private boolean isClosed;

  /**
   * What is served.
   *
   * @param ref the name of a branch or a tag, or a commit
   * @param fetch how often to ask the remote repository, if at all
   * @param sandboxes a pattern of branches that have sandboxes, if some do; {@code *} stands for
   *     any characters
   */
  public record Source(String ref, Optional<Duration> fetch, Optional<String> sandboxes) {}

  private GitRevisions(Workspace home, Source source, Consumer<HeadraceException> told) {
    this.home = home;
    this.source = source;
    this.told = told;
    this.repository = GitRepository.open(home.root());
    if (source.fetch().isPresent()) {
      repository.fetch();
    }
    this.current = checkOut(repository.commit(source.ref()));
    held.put(current.commit, current);
    this.branches = findBranches();
  }

  /**
   * Begins to follow a branch. Closing this leaves the workspace open.
   *
   * @param home the folder that the repository is, or is in; the project's state is there too
   * @param told hears of what does not work; the commit before is used on then
   * @throws HeadraceException if the repository or the branch is not there
   */
  public static GitRevisions start(
      Workspace home, Source source, Consumer<HeadraceException> told) {
    GitRevisions revisions = new GitRevisions(home, source, told);
    var unused =
        revisions.thread.scheduleWithFixedDelay(
            revisions::look, LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
    return revisions;
  }

  /** Takes over what the repository has by now. */
  private void look() {
    try {
      if (source.fetch().filter(this::isTimeToFetch).isPresent()) {
        fetched = System.nanoTime();
        repository.fetch();
      }
      String commit = repository.commit(source.ref());
      Optional<Branches> found = findBranches();
      if (!commit.equals(current().revision().orElse(""))) {
        Use next = take(Optional.of(commit));
        synchronized (this) {
          current.retired = System.nanoTime();
          current = requireNonNull(held.get(commit));
        }
        next.close();
      }
      synchronized (this) {
        branches = found;
        deleteUnused();
      }
      lastFailure = "";
    } catch (HeadraceException e) {
      String message = String.valueOf(e.getMessage());
      if (!message.equals(lastFailure)) {
        told.accept(e);
      }
      lastFailure = message;
    } catch (RuntimeException e) {
      // A defect, told as any of a thread, but the repository is looked at again.
      Thread own = Thread.currentThread();
      own.getUncaughtExceptionHandler().uncaughtException(own, e);
    }
  }

  private boolean isTimeToFetch(Duration interval) {
    return System.nanoTime() - fetched >= interval.toNanos();
  }

  private Optional<Branches> findBranches() {
    if (source.sandboxes().isEmpty()) {
      return Optional.empty();
    }
    int slash = source.ref().indexOf('/');
    String remote = "refs/remotes/" + source.ref().substring(0, Math.max(0, slash)) + "/";
    SortedMap<String, String> all = slash > 0 ? repository.branches(remote) : new TreeMap<>();
    boolean isRemote = !all.isEmpty();
    if (!isRemote) {
      all = repository.branches(HEADS);
    }
    String served = isRemote ? source.ref().substring(slash + 1) : source.ref();
    all.remove(served.startsWith(HEADS) ? served.substring(HEADS.length()) : served);
    String pattern = source.sandboxes().get();
    SortedMap<String, String> matching = new TreeMap<>(all);
    matching.keySet().removeIf(name -> !Wildcards.match(pattern, name));
    return Optional.of(new Branches(new TreeSet<>(all.keySet()), matching));
  }

  private Held checkOut(String commit) {
    Scratch scratch = home.openScratch();
    try {
      // The folder's name is the project's, unless it says another.
      Path target = scratch.folder().resolve(String.valueOf(home.root().getFileName()));
      Files.createDirectory(target);
      repository.checkOut(commit, target);
      if (!Files.isDirectory(target.resolve("tables"))) {
        throw new UsageException(
            "Cannot serve commit '%s': it has no folder 'tables'".formatted(commit),
            "Is the project in a folder of the repository? Name that folder");
      }
      return new Held(commit, home.at(target, commit), scratch);
    } catch (IOException e) {
      scratch.close();
      throw new HeadraceException(
          "Cannot check out commit '%s': %s".formatted(commit, e.getMessage()),
          "Is the disk full?",
          e);
    } catch (RuntimeException e) {
      scratch.close();
      throw e;
    }
  }

  private void deleteUnused() {
    long now = System.nanoTime();
    held.values()
        .removeIf(
            each -> {
              boolean isUnused =
                  each != current && each.users == 0 && now - each.retired >= LINGER.toNanos();
              if (isUnused) {
                each.scratch.close();
              }
              return isUnused;
            });
  }

  @Override
  public synchronized Workspace current() {
    return current.workspace;
  }

  @Override
  public Use take(Optional<String> commit) {
    synchronized (this) {
      Held wanted = commit.isEmpty() ? current : held.get(commit.get());
      if (wanted != null) {
        return wanted.use();
      }
    }
    Held made = checkOut(commit.orElseThrow());
    synchronized (this) {
      @Nullable Held other = held.putIfAbsent(made.commit, made);
      if (other != null || isClosed) {
        made.scratch.close();
      }
      return other == null ? made.use() : other.use();
    }
  }

  @Override
  public synchronized Optional<Branches> branches() {
    return branches;
  }

  @Override
  public void close() {
    thread.shutdownNow();
    synchronized (this) {
      isClosed = true;
      held.values().forEach(each -> each.scratch.close());
      held.clear();
    }
  }

  /** A commit whose files are there. Used under the lock of what it is of. */
  private final class Held {
    private final String commit;
    private final Workspace workspace;
    private final Scratch scratch;
    private int users;
    private long retired = System.nanoTime();

    Held(String commit, Workspace workspace, Scratch scratch) {
      this.commit = commit;
      this.workspace = workspace;
      this.scratch = scratch;
    }

    Use use() {
      users++;
      return new Use() {
        private boolean isLetGo;

        @Override
        public Workspace workspace() {
          return workspace;
        }

        @Override
        public void close() {
          synchronized (GitRevisions.this) {
            if (!isLetGo) {
              isLetGo = true;
              users--;
              retired = System.nanoTime();
            }
          }
        }
      };
    }
  }
}

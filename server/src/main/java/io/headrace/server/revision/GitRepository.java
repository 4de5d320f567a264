package io.headrace.server.revision;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.headrace.error.HeadraceException;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads commits of a repository with the program {@code git}. No hook, filter or monitor of the
 * repository is started, and nothing but {@link #fetch()} uses a network. Safe for many threads.
 */
final class GitRepository {
  private static final Duration TIMEOUT = Duration.ofMinutes(1);

  /** For what moves many bytes. */
  private static final Duration LONG_TIMEOUT = Duration.ofMinutes(10);

  private static final List<String> HARMLESS =
      List.of("-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false");

  private final Path folder;
  private final String prefix;

  private GitRepository(Path folder, String prefix) {
    this.folder = folder;
    this.prefix = prefix;
  }

  /**
   * Opens the repository that a folder is, or is in.
   *
   * @throws HeadraceException if it is none, or there is no program {@code git}
   */
  static GitRepository open(Path folder) {
    GitRepository repository = new GitRepository(folder, "");
    boolean isBare = repository.text("rev-parse", "--is-bare-repository").equals("true");
    String prefix = isBare ? "" : repository.text("rev-parse", "--show-prefix");
    return new GitRepository(folder, prefix.replaceFirst("/$", ""));
  }

  /** The commit that a name stands for. */
  String commit(String ref) {
    return text("rev-parse", "--verify", "--quiet", "--end-of-options", ref + "^{commit}");
  }

  /**
   * The branches and their commits.
   *
   * @param namespace such as {@code refs/heads/}
   */
  SortedMap<String, String> branches(String namespace) {
    SortedMap<String, String> branches = new TreeMap<>();
    for (String line :
        text("for-each-ref", "--format=%(objectname) %(refname)", namespace).split("\n", -1)) {
      int space = line.indexOf(' ');
      if (space > 0) {
        String name = line.substring(space + 1 + namespace.length());
        branches.put(name, line.substring(0, space));
      }
    }
    branches.remove("HEAD");
    return branches;
  }

  /** Brings what the remote repository has, and forgets branches that it has no more. */
  void fetch() {
    byte[] unused = run(LONG_TIMEOUT, List.of("fetch", "--quiet", "--prune"));
  }

  /** Writes the files of a commit into an empty folder, just as they were committed. */
  void checkOut(String commit, Path target) {
    String tree = prefix.isEmpty() ? commit : commit + ":" + prefix;
    byte[] listing = run(TIMEOUT, List.of("ls-tree", "-r", "-z", "--full-tree", tree));
    List<Entry> entries = new ArrayList<>();
    for (String line : new String(listing, UTF_8).split("\0", -1)) {
      Entry.parse(line).ifPresent(entries::add);
    }
    try {
      write(entries, target);
    } catch (IOException e) {
      throw failed("check out commit '%s'".formatted(commit), String.valueOf(e.getMessage()), e);
    }
  }

  /** Links come last, so that nothing is ever written through one. */
  private void write(List<Entry> entries, Path target) throws IOException {
    for (Entry entry : entries) {
      Files.createDirectories(requireNonNull(entry.below(target).getParent()));
    }
    List<Entry> inOrder = new ArrayList<>(entries);
    inOrder.sort(Comparator.comparing(Entry::isLink));
    Process process = start(List.of("cat-file", "--batch"));
    Thread guard = guard(process, LONG_TIMEOUT);
    try (InputStream in = new BufferedInputStream(process.getInputStream());
        OutputStream out = new BufferedOutputStream(process.getOutputStream())) {
      process.getErrorStream().close();
      for (Entry entry : inOrder) {
        out.write((entry.object() + "\n").getBytes(UTF_8));
        out.flush();
        entry.write(entry.below(target), in);
      }
    } finally {
      guard.interrupt();
      process.destroy();
    }
  }

  private String text(String... arguments) {
    return new String(run(TIMEOUT, List.of(arguments)), UTF_8).strip();
  }

  private byte[] run(Duration timeout, List<String> arguments) {
    String doing = "git " + arguments.get(0);
    try {
      Process process = start(arguments);
      process.getOutputStream().close();
      ByteArrayOutputStream errors = new ByteArrayOutputStream();
      Thread reader = new Thread(() -> copy(process.getErrorStream(), errors), "headrace-git");
      reader.setDaemon(true);
      reader.start();
      // Whoever hangs is ended, and then there is nothing more to read.
      Thread guard = guard(process, timeout);
      byte[] output = process.getInputStream().readAllBytes();
      int code = process.waitFor();
      guard.interrupt();
      reader.join();
      if (code != 0) {
        String reason = errors.toString(UTF_8).strip();
        throw failed(
            "do `%s %s`".formatted(doing, String.join(" ", arguments.subList(1, arguments.size()))),
            reason.isEmpty() ? "it ends with code " + code : reason,
            null);
      }
      return output;
    } catch (IOException e) {
      throw failed("start `git`", String.valueOf(e.getMessage()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed("do `%s`".formatted(doing), "the server stops", e);
    }
  }

  private static void copy(InputStream from, OutputStream to) {
    try (from) {
      from.transferTo(to);
    } catch (IOException e) {
      // It was ended.
    }
  }

  private static Thread guard(Process process, Duration timeout) {
    Thread guard = new Thread(() -> endAfter(process, timeout), "headrace-git-guard");
    guard.setDaemon(true);
    guard.start();
    return guard;
  }

  private static void endAfter(Process process, Duration timeout) {
    try {
      if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      // It ended by itself.
    }
  }

  private Process start(List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("git"));
    command.addAll(HARMLESS);
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(name -> name.startsWith("GIT_") && !name.startsWith("GIT_SSH"));
    environment.put("GIT_TERMINAL_PROMPT", "0");
    environment.put("GIT_OPTIONAL_LOCKS", "0");
    environment.put("GIT_NO_LAZY_FETCH", "1");
    environment.put("LC_ALL", "C");
    return builder.start();
  }

  private HeadraceException failed(String doing, String reason, @Nullable Throwable cause) {
    String message = "Cannot %s in '%s': %s".formatted(doing, folder, reason);
    String hint = "Is it a git repository, and does it have that branch or commit?";
    return cause == null
        ? new HeadraceException(message, hint)
        : new HeadraceException(message, hint, cause);
  }
}

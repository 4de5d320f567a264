package io.headrace.faults;

import static java.util.Objects.requireNonNull;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Enumeration;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Starts Java processes that may be killed at any moment. They start fast, and leave nothing behind
 * outside their project: native libraries are unpacked once, and Java finds its classes prepared.
 */
final class ChildJvms {
  private static final List<String> FAST_START =
      List.of(
          "-XX:TieredStopAtLevel=1",
          "-XX:+UseSerialGC",
          "-XX:-UsePerfData",
          "-Xss4m",
          "-Xmx256m",
          "-Xlog:disable",
          "-Xlog:all=off");

  private static @Nullable ChildJvms instance;

  private final Path folder;
  private final String classPath;

  private ChildJvms(Path folder, String classPath) {
    this.folder = folder;
    this.classPath = classPath;
  }

  /** {@code headrace run --follow} of a project, which looks all the time. */
  static Child following(TestProject project) {
    return prepared()
        .start(
            project.root(),
            "io.headrace.cli.Main",
            "run",
            "--follow",
            "--interval",
            "50ms",
            "--memory",
            "200MB");
  }

  /** The one of this process, prepared at the first call. */
  static synchronized ChildJvms prepared() {
    ChildJvms ready = instance;
    if (ready == null) {
      ready = TestProject.doing(ChildJvms::prepare);
      instance = ready;
    }
    return ready;
  }

  private static ChildJvms prepare() throws IOException {
    Path folder = Files.createTempDirectory("headrace-children");
    Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
    List<String> entries = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      Path path = Path.of(entry);
      String name = String.valueOf(path.getFileName());
      if (name.matches("(junit|assertj|opentest4j|byte-buddy|apiguardian|surefire).*")
          || !Files.exists(path)) {
        continue;
      }
      if (Files.isDirectory(path)) {
        // Java prepares classes of jars only.
        Path jar = folder.resolve(entries.size() + ".jar");
        pack(path, jar);
        entries.add(jar.toString());
      } else if (name.startsWith("duckdb_jdbc") || name.startsWith("sqlite-jdbc")) {
        Path jar = folder.resolve(name);
        unpackLibraries(path, jar);
        entries.add(jar.toString());
      } else {
        entries.add(entry);
      }
    }
    ChildJvms children = new ChildJvms(folder, String.join(File.pathSeparator, entries));
    TestProject usual =
        new TestProject(folder.resolve("usual"))
            .write("tables/a.csv", "n\n1\n")
            .table("b", "/*---\npartition_by: n\nchecks:\n  - n > 0\n---*/ SELECT n FROM a");
    try (Child warmUp =
        children.start(
            usual.root(),
            List.of("-XX:ArchiveClassesAtExit=" + folder.resolve("classes.jsa")),
            "io.headrace.cli.Main",
            "run",
            "--json")) {
      if (warmUp.finish() != 0) {
        throw new IllegalStateException("Cannot prepare classes: " + warmUp.errors());
      }
    }
    return children;
  }

  private static void pack(Path classes, Path jar) throws IOException {
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
        Stream<Path> files = Files.walk(classes)) {
      out.setLevel(0);
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        out.putNextEntry(new JarEntry(classes.relativize(file).toString()));
        Files.copy(file, out);
      }
    }
  }

  /** Copies a driver without its native libraries, and those for this machine beside it. */
  private static void unpackLibraries(Path driver, Path copy) throws IOException {
    try (JarFile jar = new JarFile(driver.toFile());
        JarOutputStream out = new JarOutputStream(Files.newOutputStream(copy))) {
      out.setLevel(0);
      String platform = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
      String sqlite = platform.equals("arm64") ? "aarch64" : "x86_64";
      for (Enumeration<JarEntry> all = jar.entries(); all.hasMoreElements(); ) {
        JarEntry entry = all.nextElement();
        String name = entry.getName();
        boolean isLibrary =
            name.startsWith("libduckdb_java") || name.startsWith("org/sqlite/native/");
        try (InputStream in = jar.getInputStream(entry)) {
          if (!isLibrary) {
            out.putNextEntry(new JarEntry(name));
            in.transferTo(out);
          } else if (name.endsWith("_linux_" + platform)
              || name.equals("org/sqlite/native/Linux/" + sqlite + "/libsqlitejdbc.so")) {
            Path folder = requireNonNull(copy.getParent());
            Files.copy(in, folder.resolve(name.substring(name.lastIndexOf('/') + 1)));
          }
        }
      }
    }
    // A distribution has them beside its drivers already.
    Path beside = requireNonNull(driver.getParent());
    for (String name : List.of("libduckdb_java.so_linux_amd64", "libsqlitejdbc.so")) {
      Path target = requireNonNull(copy.getParent()).resolve(name);
      if (Files.exists(beside.resolve(name)) && !Files.exists(target)) {
        Files.createSymbolicLink(target, beside.resolve(name));
      }
    }
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      // It is in the machine's folder for temporary files.
    }
  }

  /** Starts {@code main} in {@code folder}. */
  Child start(Path folder, String main, String... arguments) {
    return start(folder, List.of(), main, arguments);
  }

  /** Starts {@code main} with more options of Java. */
  Child start(Path folder, List<String> options, String main, String... arguments) {
    return TestProject.doing(
        () -> Child.start(new ProcessBuilder(command(options, main, arguments)), folder));
  }

  /** Starts {@code main} from a shell that has run {@code prologue}, such as a limit. */
  Child startAfter(String prologue, Path folder, String main, String... arguments) {
    List<String> command = new ArrayList<>(List.of("sh", "-c", prologue + "; exec \"$@\"", "sh"));
    command.addAll(command(List.of(), main, arguments));
    return TestProject.doing(() -> Child.start(new ProcessBuilder(command), folder));
  }

  private List<String> command(List<String> options, String main, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(FAST_START);
    Path archive = folder.resolve("classes.jsa");
    if (Files.exists(archive)) {
      command.add("-XX:SharedArchiveFile=" + archive);
    }
    command.add("-Dorg.sqlite.lib.path=" + folder);
    command.addAll(options);
    command.addAll(List.of("-cp", classPath, main));
    command.addAll(List.of(arguments));
    return command;
  }
}

package io.headrace.server.access;

import io.headrace.access.AccessReader;
import io.headrace.access.AccessRules;
import io.headrace.access.Permissions;
import io.headrace.error.HeadraceException;
import io.headrace.error.ProjectException;
import io.headrace.identity.FileStamp;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The rules in {@code access.yaml}, read again when the file changes. If it becomes wrong, or is
 * taken away, the last right ones hold on. Safe for many threads.
 */
public final class AccessFile {
  private static final long LOOK_NANOS = 500_000_000;

  private final Path folder;
  private final Path file;
  private final Consumer<HeadraceException> told;
  private AccessRules rules;
  private String stamp;
  private long looked;
  private Optional<HeadraceException> problem = Optional.empty();

  private AccessFile(
      Path folder, Consumer<HeadraceException> told, AccessRules rules, String stamp) {
    this.folder = folder;
    this.file = folder.resolve(AccessReader.FILE);
    this.told = told;
    this.rules = rules;
    this.stamp = stamp;
    this.looked = System.nanoTime();
  }

  /**
   * Reads the file in a folder. One that is not there lets nobody in.
   *
   * @param told hears of a file that became wrong, once each time
   * @throws ProjectException if it has mistakes
   * @throws HeadraceException if others on this machine could change it
   */
  public static AccessFile open(Path folder, Consumer<HeadraceException> told) {
    Path file = folder.resolve(AccessReader.FILE);
    String stamp = FileStamp.of(file);
    return new AccessFile(folder, told, read(file).orElse(AccessRules.NONE), stamp);
  }

  /** The folder that it is in. */
  public Path folder() {
    return folder;
  }

  /** What holds now. */
  public synchronized AccessRules rules() {
    long now = System.nanoTime();
    if (now - looked >= LOOK_NANOS) {
      looked = now;
      look();
    }
    return rules;
  }

  /** Why the file as it is now does not hold, if so. */
  public synchronized Optional<HeadraceException> problem() {
    AccessRules unused = rules();
    return problem;
  }

  private void look() {
    String now = FileStamp.of(file);
    boolean isNew = !now.equals(stamp);
    // What is wrong can be its folder, too, which changes no stamp when it is put right.
    if (!isNew && problem.isEmpty()) {
      return;
    }
    stamp = now;
    try {
      rules =
          read(file)
              .orElseThrow(
                  () ->
                      new HeadraceException(
                          "%s is gone; what it said last holds".formatted(AccessReader.FILE),
                          "Put it back; without grants it lets nobody in"));
      problem = Optional.empty();
    } catch (HeadraceException e) {
      problem = Optional.of(e);
      if (isNew) {
        told.accept(e);
      }
    }
  }

  private static Optional<AccessRules> read(Path file) {
    try {
      Permissions.requireUnchangeable(file);
      return Optional.of(AccessReader.read(Files.readString(file, StandardCharsets.UTF_8)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new HeadraceException(
          "Cannot read %s: %s".formatted(AccessReader.FILE, e),
          "Is it text, and readable for the server?",
          e);
    }
  }
}

package io.headrace.workspace;

import io.headrace.identity.FileStamp;
import io.headrace.identity.Hash;
import io.headrace.project.ProjectReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.EnumSet;

/**
 * The sizes and times of the files that a project is read from: another value when one of them
 * changes.
 *
 * @param hash of all of them
 * @param newest when one of them, or a folder of them, last changed in any way, in milliseconds
 *     since 1970
 */
public record FileStamps(String hash, long newest) {
  /** Times that are further ahead are those of another clock. */
  private static final Duration AHEAD = Duration.ofSeconds(5);

  /** The stamps of the project in {@code root} as they are now. */
  public static FileStamps of(Path root) {
    Collector collector = new Collector();
    try {
      for (String folder : ProjectReader.FOLDERS) {
        Path path = root.resolve(folder);
        if (Files.isDirectory(path)) {
          Files.walkFileTree(
              path, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, collector);
        }
      }
      Path settings = root.resolve(ProjectReader.SETTINGS);
      if (Files.exists(settings)) {
        collector.visitFile(settings, Files.readAttributes(settings, BasicFileAttributes.class));
      }
      return new FileStamps(collector.hash.text(), collector.newest);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether nothing has changed for so long. */
  public boolean isOlderThan(Duration age) {
    long now = System.currentTimeMillis();
    return newest <= now - age.toMillis() || newest > now + AHEAD.toMillis();
  }

  private static final class Collector extends SimpleFileVisitor<Path> {
    private final Hash hash = Hash.of("files");
    private long newest;

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
      see(folder);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      hash.add(file.toString()).add(FileStamp.of(attributes));
      see(file);
      return FileVisitResult.CONTINUE;
    }

    private void see(Path path) {
      try {
        newest = Math.max(newest, FileStamp.changed(path).toMillis());
      } catch (IOException e) {
        // It went away meanwhile, which the next look finds.
      }
    }

    /** So did this. */
    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) {
      return FileVisitResult.CONTINUE;
    }
  }
}

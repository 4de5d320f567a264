package io.headrace.identity;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;

/**
 * Tells without reading whether a file is another one than before: by its time, its size and, where
 * the file system has such, its number. Good for looking again at what people edit; what a table is
 * made of is identified by {@link FileIdentifier}.
 */
public final class FileStamp {
  private FileStamp() {}

  /** The stamp of a file; empty if it is not there, or cannot be looked at. */
  public static String of(Path file) {
    try {
      return of(Files.readAttributes(file, BasicFileAttributes.class)) + " " + changed(file);
    } catch (IOException e) {
      return "";
    }
  }

  /**
   * When a file, or who may do what with it, last changed in any way. Whoever copies files may give
   * them old times, but not an old time of that.
   */
  public static FileTime changed(Path file) throws IOException {
    try {
      return (FileTime) Files.getAttribute(file, "unix:ctime");
    } catch (UnsupportedOperationException | IllegalArgumentException e) {
      return Files.getLastModifiedTime(file);
    }
  }

  /** The stamp of a file of which that is known. */
  public static String of(BasicFileAttributes attributes) {
    return attributes.lastModifiedTime() + " " + attributes.size() + " " + attributes.fileKey();
  }
}

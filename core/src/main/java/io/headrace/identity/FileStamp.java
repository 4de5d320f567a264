package io.headrace.identity;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

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
      return of(Files.readAttributes(file, BasicFileAttributes.class));
    } catch (IOException e) {
      return "";
    }
  }

  /** The stamp of a file of which that is known. */
  public static String of(BasicFileAttributes attributes) {
    return attributes.lastModifiedTime() + " " + attributes.size() + " " + attributes.fileKey();
  }
}

package io.headrace.connector.staging;

import io.headrace.connector.Staged;
import io.headrace.engine.Query.DeclaredColumn;
import io.headrace.engine.Query.Format;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Files of rows that the engine reads in parallel. Not for several threads.
 *
 * <p>Every row has all columns, in the order of {@link #finish}.
 */
public final class CsvFiles implements AutoCloseable {
  /** The engine reads a file in one thread, so that files must be many; and then in a buffer. */
  private static final long FILE_BYTES = 64 << 20;

  private static final int BUFFER_BYTES = 1 << 18;

  /** What the engine takes for a row without being told. */
  private static final int ROW_BYTES = 2_000_000;

  private static final int ENGINE_BUFFER_BYTES = 16 * ROW_BYTES;

  private final Path folder;
  private final long fileBytes;
  private final List<Path> files = new ArrayList<>();
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int used;
  private long written;
  private int longestRow;
  private @Nullable OutputStream out;

  /**
   * @param folder where the files go, in which there are none of these yet; made if missing
   */
  public CsvFiles(Path folder) {
    this(folder, FILE_BYTES);
  }

  /**
   * @param fileBytes after about so many, another file begins
   */
  public CsvFiles(Path folder, long fileBytes) {
    this.folder = folder;
    this.fileBytes = fileBytes;
  }

  /** Adds a row, with the end of its line. */
  public void add(byte[] row, int length) throws IOException {
    if (out == null || written + used >= fileBytes) {
      next();
    }
    longestRow = Math.max(longestRow, length);
    if (length > buffer.length - used) {
      flush();
    }
    if (length > buffer.length) {
      file().write(row, 0, length);
      written += length;
    } else {
      System.arraycopy(row, 0, buffer, used, length);
      used += length;
    }
  }

  private OutputStream file() throws IOException {
    OutputStream current = out;
    return current == null ? next() : current;
  }

  private OutputStream next() throws IOException {
    close();
    Files.createDirectories(folder);
    Path file = folder.resolve("rows-%05d.csv".formatted(files.size() + 1));
    OutputStream stream =
        Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    out = stream;
    files.add(file.toAbsolutePath());
    written = 0;
    return stream;
  }

  private void flush() throws IOException {
    if (used > 0) {
      file().write(buffer, 0, used);
      written += used;
      used = 0;
    }
  }

  /** What was written; nothing can be added any more. */
  public Staged finish(List<DeclaredColumn> columns) throws IOException {
    return finish(List.of(this), List.of(), columns);
  }

  /**
   * What was written by several; nothing can be added any more.
   *
   * @param readable one or more
   * @param unreadable those for rows that could not be read, if the source tells these from others
   */
  public static Staged finish(
      List<CsvFiles> readable, List<CsvFiles> unreadable, List<DeclaredColumn> columns)
      throws IOException {
    List<Path> good = end(readable);
    List<Path> bad = unreadable.isEmpty() ? List.of() : end(unreadable);
    int longest =
        Stream.concat(readable.stream(), unreadable.stream())
            .mapToInt(files -> files.longestRow)
            .max()
            .orElse(0);
    return new Staged(Format.CSV, good, bad, columns, options(longest));
  }

  /** All files, at least one. */
  private static List<Path> end(List<CsvFiles> parts) throws IOException {
    List<Path> all = new ArrayList<>();
    for (CsvFiles part : parts) {
      part.close();
      all.addAll(part.files);
    }
    if (all.isEmpty()) {
      CsvFiles first = parts.get(0);
      first.next();
      first.close();
      all.addAll(first.files);
    }
    return all;
  }

  /**
   * How the engine reads such files.
   *
   * @param longestRow in bytes, with its end
   */
  public static SortedMap<String, String> options(int longestRow) {
    SortedMap<String, String> options = new TreeMap<>();
    options.put("auto_detect", "false");
    options.put("header", "false");
    options.put("delim", ",");
    options.put("quote", "\"");
    options.put("escape", "\"");
    options.put("new_line", "\\n");
    options.put("nullstr", "");
    options.put("allow_quoted_nulls", "false");
    options.put("strict_mode", "true");
    // In the middle of a file, the engine takes a line of quoted text for a row.
    options.put("parallel", "false");
    if (longestRow >= ROW_BYTES) {
      long row = longestRow + 1L;
      options.put("max_line_size", Long.toString(row));
      options.put("buffer_size", Long.toString(Math.max(ENGINE_BUFFER_BYTES, 2 * row)));
    }
    return options;
  }

  @Override
  public void close() throws IOException {
    OutputStream current = out;
    if (current != null) {
      try (current) {
        flush();
      } finally {
        out = null;
      }
    }
  }
}

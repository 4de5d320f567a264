package io.headrace.server.revision;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A file of a commit.
 *
 * @param path below the folder of the project
 */
record Entry(String mode, String object, String path) {
  private static final String LINK = "120000";
  private static final String SUBMODULE = "160000";

  /** What {@code git ls-tree} says of a file; empty for what is none, such as a submodule. */
  static Optional<Entry> parse(String line) {
    int tab = line.indexOf('\t');
    if (tab < 0) {
      return Optional.empty();
    }
    String[] words = line.substring(0, tab).split(" ", -1);
    return words[0].equals(SUBMODULE)
        ? Optional.empty()
        : Optional.of(new Entry(words[0], words[2], line.substring(tab + 1)));
  }

  boolean isLink() {
    return mode.equals(LINK);
  }

  /** Where it goes: nowhere but below the folder, whatever a repository says. */
  Path below(Path folder) throws IOException {
    Path file = folder.resolve(path).normalize();
    boolean isOutside = !file.startsWith(folder) || file.equals(folder);
    for (Path part : Path.of(path)) {
      isOutside |= part.toString().equals("..") || part.toString().equals(".headrace");
    }
    if (isOutside) {
      throw new IOException("it has a file '%s'".formatted(path));
    }
    return file;
  }

  /** Writes what {@code git cat-file --batch} answers: a line, the bytes and the end of a line. */
  void write(Path file, InputStream in) throws IOException {
    String[] words = line(in).split(" ", -1);
    if (words.length != 3) {
      throw new IOException("object '%s' of '%s' is missing".formatted(object, path));
    }
    long left = Long.parseLong(words[2]);
    if (isLink()) {
      byte[] target = in.readNBytes(Math.toIntExact(left));
      Files.createSymbolicLink(file, Path.of(new String(target, UTF_8)));
    } else {
      try (OutputStream out = Files.newOutputStream(file)) {
        byte[] buffer = new byte[64 * 1024];
        while (left > 0) {
          int count = in.read(buffer, 0, (int) Math.min(buffer.length, left));
          if (count < 0) {
            throw new EOFException("it ended in '%s'".formatted(path));
          }
          out.write(buffer, 0, count);
          left -= count;
        }
      }
      boolean unused = file.toFile().setReadOnly();
    }
    if (in.read() != '\n') {
      throw new IOException("'%s' does not end where it should".formatted(path));
    }
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new EOFException("git ended");
      }
      line.append((char) next);
    }
    return line.toString();
  }
}

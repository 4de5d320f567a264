package io.headrace.server.ui;

import io.headrace.server.route.Projects;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What a run wrote down of its tasks, in files of which each has the name of a table or rule. */
final class TaskLogs {
  private static final String END = ".log";
  private static final int MOST_BYTES = 1_000_000;

  /** A line starts with its time; the longest one that Java writes has 30 characters. */
  private static final int TIME_LENGTH = 40;

  private final Path folder;

  /** The logs of a run that is known, so that its name is no way out of the folder. */
  TaskLogs(Path stateFolder, String run) {
    this.folder = stateFolder.resolve("runs").resolve(run);
  }

  /** The names, in order. */
  List<String> names() {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> String.valueOf(file.getFileName()))
          .filter(name -> name.endsWith(END))
          .map(name -> name.substring(0, name.length() - END.length()))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The text, the end of it if it is very long; 404 if there is none. */
  String text(String name) throws IOException {
    List<String> names = names();
    if (!names.contains(name)) {
      throw Projects.missing("log of", name, names);
    }
    Path file = folder.resolve(name + END);
    try (FileChannel channel = FileChannel.open(file)) {
      long from = Math.max(0, channel.size() - MOST_BYTES);
      String text = read(channel, from, MOST_BYTES);
      return from == 0 ? text : "...\n" + text.substring(text.indexOf('\n') + 1);
    }
  }

  /** When its first line was written. */
  Optional<Instant> start(String name) {
    Path file = folder.resolve(name + END);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try (FileChannel channel = FileChannel.open(file)) {
      String line = read(channel, 0, TIME_LENGTH);
      int blank = line.indexOf(' ');
      return blank < 0 ? Optional.empty() : Optional.of(Instant.parse(line.substring(0, blank)));
    } catch (IOException | DateTimeParseException e) {
      // The log is only a help: without its time the task has no bar.
      return Optional.empty();
    }
  }

  private static String read(FileChannel channel, long from, int most) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(most, channel.size() - from));
    while (buffer.hasRemaining() && channel.read(buffer, from + buffer.position()) >= 0) {
      // Reads on until all of it is there.
    }
    return new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8);
  }
}

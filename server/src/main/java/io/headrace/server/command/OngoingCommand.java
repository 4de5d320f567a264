package io.headrace.server.command;

import io.headrace.engine.Cancellation;
import io.headrace.server.runs.History;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A command that goes on in this process, or did a while ago, with all that it printed. Safe for
 * many threads.
 */
public final class OngoingCommand {
  /** Bytes of output that are kept; of more, the rest is lost, and the command has failed. */
  static final int MOST_BYTES = 16 << 20;

  private final String id;
  private final List<String> arguments;
  private final String author;
  private final Instant startedAt;
  private final Cancellation cancel;
  private final History<Printed> printed = new History<>();
  private int bytes;
  private @Nullable Integer exitCode;

  OngoingCommand(
      String id, List<String> arguments, String author, Instant startedAt, Cancellation cancel) {
    this.id = id;
    this.arguments = List.copyOf(arguments);
    this.author = author;
    this.startedAt = startedAt;
    this.cancel = cancel;
  }

  public String id() {
    return id;
  }

  /** The command and what was typed behind it. */
  public List<String> arguments() {
    return arguments;
  }

  /** Who asked for it. */
  public String author() {
    return author;
  }

  public Instant startedAt() {
    return startedAt;
  }

  /** How it ended, once it is over. */
  public synchronized Optional<Integer> exitCode() {
    return Optional.ofNullable(exitCode);
  }

  /** What it printed, line by line in the order in which it did. */
  public History<Printed> printed() {
    return printed;
  }

  /** Asks it to stop. */
  public void cancel() {
    cancel.request("cancelled");
  }

  Cancellation cancellation() {
    return cancel;
  }

  /** A place to print. */
  PrintStream stream(Channel channel) {
    return new PrintStream(new Lines(channel), false, StandardCharsets.UTF_8);
  }

  void over(int code) {
    synchronized (this) {
      boolean isWhole = bytes <= MOST_BYTES;
      exitCode = isWhole || code != 0 ? code : 1;
      if (!isWhole) {
        printed.add(
            new Printed(
                Channel.ERR,
                "error: The output is longer than %d MB, and the rest of it is lost%n"
                    .formatted(MOST_BYTES >> 20)));
      }
    }
    printed.over();
  }

  private synchronized void add(Channel channel, byte[] line) {
    bytes = (int) Math.min(Integer.MAX_VALUE, (long) bytes + line.length);
    if (bytes <= MOST_BYTES) {
      printed.add(new Printed(channel, new String(line, StandardCharsets.UTF_8)));
    }
  }

  /** Where a command prints. */
  public enum Channel {
    OUT,
    ERR
  }

  /** A line, or a part of one, as it was printed. */
  public record Printed(Channel channel, String text) {}

  /** Cuts bytes at the ends of lines, where no character is cut. */
  private final class Lines extends OutputStream {
    private final Channel channel;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    Lines(Channel channel) {
      this.channel = channel;
    }

    @Override
    public synchronized void write(int b) {
      line.write(b);
      if (b == '\n') {
        flush();
      }
    }

    @Override
    public synchronized void flush() {
      if (line.size() > 0) {
        add(channel, line.toByteArray());
        line.reset();
      }
    }
  }
}

package io.headrace.server.command;

import io.headrace.engine.Cancellation;
import io.headrace.server.route.Need;
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
  private static final int MOST_BYTES = 16 << 20;

  /** Lines of results are told together, until they are as many bytes as this. */
  private static final int CHUNK_BYTES = 8 << 10;

  private final String id;
  private final List<String> arguments;
  private final String author;
  private final Instant startedAt;
  private final Cancellation cancel;
  private final List<Need> needs;
  private final History<Printed> printed = new History<>();

  /** What was printed last to {@code current}, and is not told yet. */
  private final ByteArrayOutputStream untold = new ByteArrayOutputStream();

  private Channel current = Channel.OUT;
  private long bytes;
  private @Nullable Integer exitCode;

  OngoingCommand(
      String id,
      List<String> arguments,
      String author,
      Instant startedAt,
      Cancellation cancel,
      List<Need> needs) {
    this.id = id;
    this.arguments = List.copyOf(arguments);
    this.author = author;
    this.startedAt = startedAt;
    this.cancel = cancel;
    this.needs = List.copyOf(needs);
  }

  /** What somebody had to be to start it, and has to be to see what it prints. */
  public List<Need> needs() {
    return needs;
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

  /** What it printed, in the order in which it did, and cut at the ends of lines. */
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

  /** A place to print. What people are told as it happens is told line by line. */
  PrintStream stream(Channel channel) {
    return new PrintStream(new Output(channel), channel == Channel.ERR, StandardCharsets.UTF_8);
  }

  synchronized void over(int code) {
    tell();
    boolean isWhole = bytes <= MOST_BYTES;
    exitCode = isWhole || code != 0 ? code : 1;
    if (!isWhole) {
      printed.add(
          new Printed(
              Channel.ERR,
              "error: The output is longer than %d MB, and the rest of it is lost%n"
                  .formatted(MOST_BYTES >> 20)));
    }
    printed.over();
  }

  private synchronized void write(Channel channel, byte[] text, int from, int count) {
    if (channel != current) {
      tell();
      current = channel;
    }
    untold.write(text, from, count);
    boolean isLine = count > 0 && text[from + count - 1] == '\n';
    if (isLine && untold.size() >= CHUNK_BYTES) {
      tell();
    }
  }

  private synchronized void tell() {
    if (untold.size() > 0) {
      bytes += untold.size();
      if (bytes <= MOST_BYTES) {
        printed.add(new Printed(current, untold.toString(StandardCharsets.UTF_8)));
      }
      untold.reset();
    }
  }

  /** Where a command prints. */
  public enum Channel {
    OUT,
    ERR
  }

  /** Lines, or a part of one, as they were printed. */
  public record Printed(Channel channel, String text) {}

  private final class Output extends OutputStream {
    private final Channel channel;

    Output(Channel channel) {
      this.channel = channel;
    }

    @Override
    public void write(int b) {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] text, int from, int count) {
      OngoingCommand.this.write(channel, text, from, count);
    }

    @Override
    public void flush() {
      tell();
    }
  }
}

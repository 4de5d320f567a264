package io.headrace.cli;

import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text that makes files, runs commands and says what they print.
 *
 * <pre>
 * # what it is about
 * -- tables/orders.csv --
 * id,amount
 * &#64; time 2026-01-31T12:00:00Z
 * &#64; delete FILE
 * &#64; bytes FILE HEX
 * &#64; copy examples/flights FOLDER
 * &#64; overwrite TABLE OTHER
 * $ headrace run
 * out: what goes to standard output
 * err: what goes to standard error
 * exit 1
 * </pre>
 *
 * <p>An exit code of 0 is not written.
 */
final class Script {
  private static final Pattern FILE = Pattern.compile("-- (\\S+) --");
  private static final Pattern PRINTED = Pattern.compile("(out|err):( .*)?|exit \\d+");

  private final Sandbox sandbox;
  private final StringBuilder result = new StringBuilder();
  private String file = "";
  private final StringBuilder content = new StringBuilder();

  private Script(Sandbox sandbox) {
    this.sandbox = sandbox;
  }

  /** Runs a script and returns it with what its commands printed this time. */
  static String run(String text, Sandbox sandbox) {
    Script script = new Script(sandbox);
    text.lines().forEach(script::line);
    script.endFile();
    return script.result.toString();
  }

  private void line(String line) {
    Matcher start = FILE.matcher(line);
    boolean isFile = start.matches();
    boolean isStep = isFile || line.startsWith("$ ") || line.startsWith("@ ");
    if (file.isEmpty() && PRINTED.matcher(line).matches()) {
      return;
    }
    if (isStep) {
      endFile();
    }
    result.append(line).append('\n');
    if (isFile) {
      file = start.group(1);
    } else if (line.startsWith("$ ")) {
      command(line.substring(2));
    } else if (line.startsWith("@ ")) {
      directive(Words.of(line.substring(2)));
    } else if (!file.isEmpty()) {
      content.append(line).append('\n');
    }
  }

  private void endFile() {
    if (!file.isEmpty()) {
      sandbox.write(file, content.toString().stripTrailing() + "\n");
      file = "";
      content.setLength(0);
    }
  }

  private void command(String command) {
    List<String> words = Words.of(command);
    if (!words.get(0).equals("headrace")) {
      throw new IllegalArgumentException("Not a headrace command: " + command);
    }
    Sandbox.Result printed =
        sandbox.headrace(words.subList(1, words.size()).toArray(String[]::new));
    print("out:", printed.out());
    print("err:", printed.err());
    if (printed.code() != 0) {
      result.append("exit ").append(printed.code()).append('\n');
    }
  }

  private void print(String label, String text) {
    Normal.of(text, sandbox.folder())
        .lines()
        .map(line -> (label + " " + line).stripTrailing())
        .forEach(line -> result.append(line).append('\n'));
  }

  private void directive(List<String> words) {
    switch (words.get(0)) {
      case "time" -> sandbox.setTime(Instant.parse(words.get(1)));
      case "delete" -> sandbox.delete(words.get(1));
      case "bytes" -> sandbox.write(words.get(1), HexFormat.of().parseHex(words.get(2)));
      case "overwrite" -> sandbox.overwrite(words.get(1), words.get(2));
      case "copy" -> sandbox.copy(Path.of("..").resolve(words.get(1)), words.get(2));
      default -> throw new IllegalArgumentException("Unknown directive: " + words);
    }
  }
}

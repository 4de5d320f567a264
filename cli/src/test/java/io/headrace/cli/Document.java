package io.headrace.cli;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Markdown file whose console blocks are run from top to bottom.
 *
 * <p>Comments say what a reader has done meanwhile: {@code <!-- file: tables/a.sql -->} stands
 * before a block that is the content of a file, {@code <!-- copy: examples/flights -->} puts a
 * folder of the repository there, {@code <!-- serve: api -->} starts a server that answers with the
 * files of a folder, {@code <!-- server -->} starts one of the project, which does what is typed
 * from then on with its usual address, {@code <!-- cd: shop -->} goes to another folder, and {@code
 * <!-- new -->} starts in an empty one.
 */
final class Document {
  /** The folder that people work in, in what the documents show. */
  static final String HOME = "/home/ada";

  private static final Pattern COMMENT = Pattern.compile("<!-- (\\w+)(?:: (\\S+))? -->");

  /** Commands that other programs run. */
  private static final Set<String> NOT_OURS = Set.of("mvn verify");

  private final Path folder;
  private Sandbox sandbox;
  private final StringBuilder result = new StringBuilder();
  private final List<String> content = new ArrayList<>();
  private String file = "";
  private String block = "";
  private int sandboxes;
  private Optional<FolderServer> server = Optional.empty();
  private Optional<RunningServer> headrace = Optional.empty();

  private Document(Path folder) {
    this.folder = folder;
    this.sandbox = newSandbox();
  }

  /** Runs a document in folders below {@code folder}; returns it with what its commands print. */
  static String run(String text, Path folder) {
    Document document = new Document(folder);
    try {
      text.lines().forEach(document::line);
      return document.result.toString();
    } finally {
      document.server.ifPresent(FolderServer::close);
      document.headrace.ifPresent(RunningServer::close);
    }
  }

  /** The commands that a document runs, such as {@code env list}, each also by its first word. */
  static Set<String> commands(String text) {
    Set<String> commands = new TreeSet<>();
    text.lines()
        .filter(line -> line.startsWith("$ headrace "))
        .map(Words::of)
        .forEach(
            words -> {
              commands.add(words.get(2));
              commands.add(String.join(" ", words.subList(2, Math.min(4, words.size()))));
            });
    return commands;
  }

  private Sandbox newSandbox() {
    Sandbox fresh = new Sandbox(folder.resolve("home" + sandboxes++));
    fresh.makeFolder();
    fresh.useRealTime();
    return fresh;
  }

  private void line(String line) {
    boolean isFence = line.startsWith("```");
    if (block.equals("```console") && !isFence) {
      if (line.startsWith("$ ")) {
        result.append(line).append('\n');
        command(line.substring(2));
      }
      return;
    }
    result.append(line).append('\n');
    if (isFence) {
      if (!block.isEmpty() && !file.isEmpty()) {
        String written = String.join("\n", content) + "\n";
        sandbox.write(file, server.map(s -> s.withAddress(written)).orElse(written));
        file = "";
      }
      content.clear();
      block = block.isEmpty() ? line : "";
    } else if (!block.isEmpty()) {
      content.add(line);
    } else {
      comment(line);
    }
  }

  private void comment(String line) {
    Matcher comment = COMMENT.matcher(line);
    if (comment.matches()) {
      switch (comment.group(1)) {
        case "file" -> file = comment.group(2);
        case "copy" -> sandbox.copy(Path.of("..").resolve(comment.group(2)), comment.group(2));
        case "cd" -> sandbox.enter(comment.group(2));
        case "serve" ->
            server = Optional.of(new FolderServer(sandbox.folder().resolve(comment.group(2))));
        case "server" ->
            headrace = Optional.of(new RunningServer(sandbox.folder(), Clock.systemUTC()));
        case "new" -> sandbox = newSandbox();
        default -> throw new IllegalArgumentException("Unknown comment: " + line);
      }
    }
  }

  private void command(String command) {
    if (NOT_OURS.contains(command)) {
      return;
    }
    List<String> words = Words.of(command);
    if (words.get(0).equals("cd")) {
      sandbox.enter(words.get(1));
      return;
    }
    if (words.get(0).equals("export")) {
      return;
    }
    if (words.get(0).equals("rm")) {
      sandbox.delete(words.get(1));
      return;
    }
    if (!words.get(0).matches("(\\./)?headrace")) {
      throw new IllegalArgumentException("Cannot run: " + command);
    }
    int redirect = words.indexOf(">");
    int end = redirect < 0 ? words.size() : redirect;
    List<String> arguments = words.subList(1, end);
    String raw =
        sandbox.terminal(
            headrace.map(RunningServer::address).orElse(""), arguments.toArray(String[]::new));
    String printed = server.map(s -> s.withoutAddress(raw)).orElse(raw);
    if (redirect < 0) {
      result.append(printed.replace(sandbox.folder().toString(), HOME));
    } else {
      sandbox.write(words.get(redirect + 1), printed);
    }
  }
}

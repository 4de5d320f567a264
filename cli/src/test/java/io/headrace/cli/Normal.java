package io.headrace.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Output without what differs from run to run and from machine to machine. */
final class Normal {
  private static final Pattern ID = Pattern.compile("\\b[0-9a-f]{32}\\b|\\b[0-9a-f]{12}\\b");
  private static final Pattern RUN = Pattern.compile("\\br\\d{9,}-[0-9a-f]{8}\\b");
  private static final Pattern SIZE = Pattern.compile(" *\\b\\d+(\\.\\d)? (B|kB|MB|GB)\\b");
  private static final Pattern JSON_BYTES = Pattern.compile("(\"bytes(_before|_after)?\":)\\d+");
  private static final Pattern METADATA =
      Pattern.compile("<folder>/\\.headrace/warehouse/[^\"' ]*");
  private static final Pattern BUILT = Pattern.compile("  (built|same|failed) .*");

  private static final Pattern DURATION =
      Pattern.compile(" *\\b(\\d+ min )?\\d+(\\.\\d)? (ms|s)\\b");
  private static final Pattern SECONDS = Pattern.compile("(seconds\":)[0-9.E-]+");
  private static final Pattern TIME =
      Pattern.compile("\\b20\\d\\d-\\d\\d-\\d\\d[ T]\\d\\d:\\d\\d:\\d\\d(\\.\\d+Z)?");
  private static final Pattern REPORT = Pattern.compile("erasures/[^ \"]*\\.json");
  private static final Pattern VERSION = Pattern.compile("headrace (development|\\d\\S*)");
  private static final Pattern BLANKS = Pattern.compile("(?<=\\S) +");

  /** A cell below empty ones: how far to the right depends on how wide those of other rows are. */
  private static final Pattern INDENT = Pattern.compile("(?m)^ {12,}");

  private Normal() {}

  /** As {@link #of}, also without times, durations and the width of columns. */
  static String loose(String text, Path folder) {
    String normal = TIME.matcher(text.replace(Document.HOME, "<folder>")).replaceAll("<time>");
    normal = DURATION.matcher(normal).replaceAll("  <duration>");
    normal = SECONDS.matcher(normal).replaceAll("$1<duration>");
    normal = REPORT.matcher(normal).replaceAll("erasures/<time>.json");
    normal = VERSION.matcher(normal).replaceAll("headrace <number>");
    normal = BLANKS.matcher(of(normal, folder)).replaceAll(" ");
    return INDENT.matcher(normal).replaceAll("            ");
  }

  /** The text with stand-ins for version ids, run ids, sizes and the sandbox's folder. */
  static String of(String text, Path folder) {
    String normal = text.replace(folder.toString(), "<folder>");
    normal = METADATA.matcher(normal).replaceAll("<folder>/<file>");
    normal = ID.matcher(normal).replaceAll("<id>");
    normal = RUN.matcher(normal).replaceAll("<run>");
    normal = SIZE.matcher(normal).replaceAll("  <size>");
    normal = JSON_BYTES.matcher(normal).replaceAll("$1<size>");
    return String.join("\n", sorted(normal.lines().toList()));
  }

  /** Tables that are built at the same time finish in any order: lines in a row are sorted. */
  private static List<String> sorted(List<String> lines) {
    List<String> result = new ArrayList<>();
    List<String> built = new ArrayList<>();
    for (String line : lines) {
      if (BUILT.matcher(line).matches()) {
        built.add(line);
      } else {
        built.stream().sorted().forEach(result::add);
        built.clear();
        result.add(line);
      }
    }
    built.stream().sorted().forEach(result::add);
    return result;
  }
}

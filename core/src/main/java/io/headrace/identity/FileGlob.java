package io.headrace.identity;

import io.headrace.error.HeadraceException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds files by a pattern: {@code *} and {@code ?} within a name, {@code **} over folders. */
public final class FileGlob {
  private static final Pattern WILDCARD = Pattern.compile("[*?\\[]");

  private FileGlob() {}

  /**
   * The files that match, sorted, as absolute paths.
   *
   * @param folder where relative patterns start
   */
  public static List<Path> find(Path folder, String pattern) {
    if (!WILDCARD.matcher(pattern).find()) {
      Path file = folder.resolve(pattern).toAbsolutePath().normalize();
      return Files.isRegularFile(file) ? List.of(file) : List.of();
    }
    int wildcard = firstWildcard(pattern);
    int lastSlash = pattern.lastIndexOf('/', wildcard);
    Path base = folder.resolve(pattern.substring(0, lastSlash + 1)).toAbsolutePath().normalize();
    String rest = pattern.substring(lastSlash + 1);
    if (!Files.isDirectory(base)) {
      return List.of();
    }
    PathMatcher matcher = matcher(rest);
    // "**/" also matches no folder at all, for the engine as for the shell.
    PathMatcher shallow = matcher(rest.replace("**/", ""));
    int depth = rest.contains("**") ? Integer.MAX_VALUE : rest.split("/", -1).length;
    try (Stream<Path> files = Files.walk(base, depth)) {
      return files
          .filter(Files::isRegularFile)
          .filter(
              file -> {
                Path below = base.relativize(file);
                return matcher.matches(below) || shallow.matches(below);
              })
          .sorted()
          .toList();
    } catch (IOException | UncheckedIOException e) {
      throw new HeadraceException(
          "Cannot list files '%s': %s".formatted(pattern, e.getMessage()), "", e);
    }
  }

  private static PathMatcher matcher(String pattern) {
    String escaped = pattern.replace("{", "\\{").replace("}", "\\}");
    return FileSystems.getDefault().getPathMatcher("glob:" + escaped);
  }

  private static int firstWildcard(String pattern) {
    for (int i = 0; i < pattern.length(); i++) {
      if ("*?[".indexOf(pattern.charAt(i)) >= 0) {
        return i;
      }
    }
    return pattern.length();
  }
}

package io.headrace.project;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The files that a schema of Protocol Buffers imports. One that is not there is left out, and so is
 * one outside the project's folder: whoever reads the schema knows whether it needs it.
 */
final class SchemaImports {
  private static final int MOST_FILES = 500;
  private static final long MOST_BYTES = 10 << 20;
  private static final Pattern IMPORT =
      Pattern.compile("\\bimport\\s+(?:[a-z]+\\s+)?[\"']([^\"'\n]{1,500})[\"']\\s*;");

  private final List<Path> folders = new ArrayList<>();
  private final SortedMap<String, String> found = new TreeMap<>();

  private SchemaImports(Path root, @Nullable Path folder) {
    for (Path each = folder; each != null && each.startsWith(root); each = each.getParent()) {
      folders.add(each);
    }
  }

  /**
   * Their texts by the names that they are imported by, and those of what they import.
   *
   * @param root the project's folder
   * @param file of the schema; names are looked for in its folder and in those around it
   */
  static SortedMap<String, String> of(Path root, Path file, String text) {
    SchemaImports imports =
        new SchemaImports(
            root.toAbsolutePath().normalize(), file.toAbsolutePath().normalize().getParent());
    imports.add(text);
    return imports.found;
  }

  private void add(String text) {
    Matcher matcher = IMPORT.matcher(text);
    while (matcher.find() && found.size() < MOST_FILES) {
      String name = matcher.group(1);
      if (!found.containsKey(name)) {
        read(name)
            .ifPresent(
                imported -> {
                  found.put(name, imported);
                  add(imported);
                });
      }
    }
  }

  private Optional<String> read(String name) {
    try {
      for (Path folder : folders) {
        Path file = folder.resolve(name).normalize();
        if (file.startsWith(folder) && Files.isRegularFile(file)) {
          return Files.size(file) <= MOST_BYTES
              ? Optional.of(Files.readString(file))
              : Optional.empty();
        }
      }
    } catch (IOException | InvalidPathException e) {
      // Then it is as if it was not there.
    }
    return Optional.empty();
  }
}

package io.headrace.project;

import io.headrace.check.Check;
import io.headrace.check.CheckReader;
import io.headrace.connector.Connection;
import io.headrace.engine.Query;
import io.headrace.error.HeadraceException;
import io.headrace.error.Location;
import io.headrace.error.Problems;
import io.headrace.error.UsageException;
import io.headrace.table.TableName;
import io.headrace.yaml.YamlDocument;
import io.headrace.yaml.YamlMap;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Reads a project folder. Every file of it is read at every call: code is small, and a cache that
 * guesses whether code changed could skip a build that was needed.
 */
public final class ProjectReader {
  /** The name of the file with what holds for all of a project. */
  public static final String SETTINGS = SettingsReader.FILE;

  private static final String TABLES = "tables";
  private static final String CHECKS = "checks";
  private static final String TESTS = "tests";
  private static final String EXPORTS = "exports";

  /** The folders whose files are a project's. */
  public static final List<String> FOLDERS = List.of(TABLES, CHECKS, TESTS, EXPORTS);

  static final List<String> RULE_KEYS =
      List.of("description", "owner", "tags", "severity", "max_failures");

  private static final Set<String> RESERVED_SCHEMAS =
      Set.of("information_schema", "memory", "pg_catalog", "system", "temp");

  private static final int ALL_FOLDERS = Integer.MAX_VALUE;

  private final Path root;
  private final Problems problems = new Problems();

  private ProjectReader(Path root) {
    this.root = root;
  }

  /**
   * Finds the project that {@code start} is in: the nearest folder upwards that has {@code
   * tables/}.
   *
   * @throws UsageException if there is none
   */
  public static Path findRoot(Path start) {
    Path from = start.toAbsolutePath().normalize();
    for (Path folder = from; folder != null; folder = folder.getParent()) {
      if (Files.isDirectory(folder.resolve(TABLES))) {
        return folder;
      }
    }
    throw new UsageException(
        "Cannot find a project in '%s': neither it nor a folder above it has a folder 'tables'"
            .formatted(from),
        "Run `headrace init DIR` to make a project, or name one with `-C DIR`");
  }

  /**
   * Reads the project.
   *
   * @throws io.headrace.error.ProjectException with all mistakes, if there are any
   */
  public static Project read(Path root) {
    return new ProjectReader(root.toAbsolutePath().normalize()).read();
  }

  /**
   * Reads what {@link #SETTINGS} says, and no other file.
   *
   * @throws io.headrace.error.ProjectException with all mistakes of that file, if there are any
   */
  public static Settings readSettings(Path root) {
    ProjectReader reader = new ProjectReader(root.toAbsolutePath().normalize());
    Settings settings = reader.settings();
    reader.problems.throwIfAny();
    return settings;
  }

  private Settings settings() {
    Path file = root.resolve(SETTINGS);
    String folder = String.valueOf(root.getFileName());
    return SettingsReader.read(folder, Files.exists(file) ? readText(file) : "", problems);
  }

  private Project read() {
    Settings settings = settings();
    SortedMap<TableName, Task> tasks = new TreeMap<>();
    filesBelow(TABLES).parallelStream()
        .map(file -> readTask(file, settings.connections()))
        .flatMap(Optional::stream)
        .forEachOrdered(
            task -> {
              addTask(tasks, task);
              RejectReader.rejected(task).ifPresent(other -> addTask(tasks, other));
            });
    List<Check> rules = new ArrayList<>();
    for (Path file : filesBelow(CHECKS)) {
      readRule(file).ifPresent(rules::add);
    }
    List<UnitTest> tests = new ArrayList<>();
    TestReader testReader = new TestReader(tasks.keySet(), problems);
    for (Path file : filesBelow(TESTS)) {
      if (isYaml(file)) {
        String place = root.resolve(TESTS).relativize(file).toString().replace('/', '.');
        String table = place.substring(0, place.lastIndexOf('.'));
        tests.addAll(testReader.read(relative(file), table, readText(file)));
      }
    }
    ExportReader exports = new ExportReader(tasks.keySet(), settings.connections(), problems);
    for (Path file : filesBelow(EXPORTS)) {
      exports.read(relative(file), readText(file));
    }
    problems.throwIfAny();
    return new Project(root, settings, tasks, rules, tests, exports.found());
  }

  private void addTask(SortedMap<TableName, Task> tasks, Task task) {
    Task other = tasks.putIfAbsent(task.name(), task);
    if (other != null) {
      problems.add(
          new Location(task.file(), 1, 1),
          "Duplicate table '%s': '%s' makes it too".formatted(task.name(), other.file()),
          "Rename or remove one of the two files");
    }
  }

  private Optional<Task> readTask(Path file, SortedMap<String, Connection> connections) {
    String relative = relative(file);
    String fileName = String.valueOf(file.getFileName());
    Optional<TableName> name = tableName(file, relative, stem(fileName));
    if (name.isEmpty()) {
      return Optional.empty();
    }
    TaskReader reader = new TaskReader(connections, root, problems);
    Optional<Query.Format> format = TaskReader.formatOf(fileName);
    if (format.isPresent()) {
      return Optional.of(reader.data(name.get(), relative, format.get()));
    }
    if (fileName.endsWith(".sql")) {
      return Optional.of(reader.sql(name.get(), relative, readText(file)));
    }
    if (isYaml(file)) {
      return reader.source(name.get(), relative, readText(file));
    }
    problems.add(
        new Location(relative, 1, 1),
        "Unknown kind of file '%s'".formatted(fileName),
        "tables/ holds .sql, .csv, .parquet, .json, .jsonl and .yaml; move other files out of it");
    return Optional.empty();
  }

  private Optional<TableName> tableName(Path file, String relative, String stem) {
    Path below = root.resolve(TABLES).relativize(file);
    if (below.getNameCount() > 2) {
      problems.add(
          new Location(relative, 1, 1),
          "Too many folders: a folder of tables/ is a schema, and schemas do not nest",
          "Move the file to 'tables/%s/'".formatted(below.getName(0)));
      return Optional.empty();
    }
    String schema = below.getNameCount() == 2 ? below.getName(0).toString() : "";
    if (RESERVED_SCHEMAS.contains(schema)) {
      problems.add(
          new Location(relative, 1, 1),
          "Invalid schema '%s': engines use that name for themselves".formatted(schema),
          "Give the folder 'tables/%s' another name".formatted(schema));
      return Optional.empty();
    }
    if (TableName.isOfRejected(stem)) {
      problems.add(
          new Location(relative, 1, 1),
          "Reserved table name '%s': such a table has the rows that another one rejects"
              .formatted(stem),
          "Give the file another name");
      return Optional.empty();
    }
    if (TableName.isValidPart(stem) && (schema.isEmpty() || TableName.isValidPart(schema))) {
      return Optional.of(new TableName(schema, stem));
    }
    String wrong = TableName.isValidPart(stem) ? schema : stem;
    String better = wrong.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_]+", "_");
    problems.add(
        new Location(relative, 1, 1),
        "Invalid table name '%s': use a-z, 0-9 and _, and start with a letter".formatted(wrong),
        "Rename it to '%s'".formatted(TableName.isValidPart(better) ? better : "t_" + better));
    return Optional.empty();
  }

  private Optional<Check> readRule(Path file) {
    String relative = relative(file);
    String fileName = String.valueOf(file.getFileName());
    if (!fileName.endsWith(".sql")) {
      problems.add(
          new Location(relative, 1, 1),
          "Unknown kind of file '%s'".formatted(fileName),
          "checks/ holds .sql files that return the rows that break a rule");
      return Optional.empty();
    }
    String text = readText(file);
    Optional<YamlMap> map =
        FrontMatter.find(text)
            .flatMap(f -> YamlDocument.parse(relative, f.yaml(), f.firstLine(), problems))
            .map(yaml -> yaml.map(RULE_KEYS));
    return Optional.of(
        new Check(
            relative,
            Optional.empty(),
            new Check.NoRows(text),
            map.map(CheckReader::severity).orElse(Check.Severity.ERROR),
            map.map(CheckReader::tolerance).orElse(Check.Tolerance.NONE),
            new Location(relative, 1, 1)));
  }

  /**
   * The files below a folder of the project, sorted; those that start with '.' or '_' are not ours.
   */
  private List<Path> filesBelow(String folder) {
    Path start = root.resolve(folder);
    if (!Files.isDirectory(start)) {
      return List.of();
    }
    List<Path> files = new ArrayList<>();
    try {
      Files.walkFileTree(
          start, EnumSet.of(FileVisitOption.FOLLOW_LINKS), ALL_FOLDERS, new Visitor(start, files));
    } catch (IOException e) {
      throw new HeadraceException(
          "Cannot read folder '%s': %s".formatted(start, e.getMessage()), "", e);
    }
    Collections.sort(files);
    return files;
  }

  /** Collects files; asks the file system no more than the walk does anyway. */
  private static final class Visitor extends SimpleFileVisitor<Path> {
    private final Path start;
    private final List<Path> files;

    Visitor(Path start, List<Path> files) {
      this.start = start;
      this.files = files;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
      boolean isOurs = folder.equals(start) || !isHidden(folder);
      return isOurs ? FileVisitResult.CONTINUE : FileVisitResult.SKIP_SUBTREE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      if (!isHidden(file)) {
        files.add(file);
      }
      return FileVisitResult.CONTINUE;
    }
  }

  private static boolean isHidden(Path file) {
    String name = String.valueOf(file.getFileName());
    return name.startsWith(".") || name.startsWith("_");
  }

  private String readText(Path file) {
    try {
      return Files.readString(file);
    } catch (CharacterCodingException e) {
      problems.add(new Location(relative(file), 1, 1), "Not a text in UTF-8", "Save it as UTF-8");
      return "";
    } catch (IOException e) {
      throw new HeadraceException("Cannot read '%s': %s".formatted(file, e.getMessage()), "", e);
    }
  }

  private String relative(Path file) {
    return root.relativize(file).toString().replace('\\', '/');
  }

  private static String stem(String fileName) {
    String plain = TaskReader.withoutCompression(fileName);
    int dot = plain.lastIndexOf('.');
    return dot < 0 ? plain : plain.substring(0, dot);
  }

  private static boolean isYaml(Path file) {
    return file.toString().endsWith(".yaml") || file.toString().endsWith(".yml");
  }
}

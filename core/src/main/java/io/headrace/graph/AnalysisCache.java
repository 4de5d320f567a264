package io.headrace.graph;

import static java.util.Objects.requireNonNull;

import io.headrace.identity.Hash;
import io.headrace.sql.Analysis;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Remembers in a file what queries read, by the hash of their text, so that a query is parsed once.
 * A mere cache: a file that is missing, damaged or of another parser's version is ignored, and one
 * that cannot be written is not.
 *
 * <p>Holds what the last caller asked for, so that it does not grow with history.
 */
public final class AnalysisCache implements Analyzer {
  private final Path file;
  private final String version;
  private final Analyzer analyzer;

  private AnalysisCache(Path file, String version, Analyzer analyzer) {
    this.file = file;
    this.version = version;
    this.analyzer = analyzer;
  }

  /** A cache in {@code file} of what {@code analyzer} answers in its {@code version}. */
  public static AnalysisCache open(Path file, String version, Analyzer analyzer) {
    return new AnalysisCache(file, version, analyzer);
  }

  @Override
  public List<Analysis> analyze(List<String> statements) {
    Map<String, Analysis> known = load();
    List<String> keys =
        statements.parallelStream().map(s -> Hash.of("analysis").add(s).text()).toList();
    Map<String, String> missing = new LinkedHashMap<>();
    for (int i = 0; i < keys.size(); i++) {
      if (!known.containsKey(keys.get(i))) {
        missing.put(keys.get(i), statements.get(i));
      }
    }
    if (!missing.isEmpty()) {
      List<Analysis> found = analyzer.analyze(List.copyOf(missing.values()));
      int i = 0;
      for (String key : missing.keySet()) {
        known.put(key, found.get(i++));
      }
      save(known, new LinkedHashSet<>(keys));
    }
    return keys.stream().map(key -> requireNonNull(known.get(key))).toList();
  }

  private Map<String, Analysis> load() {
    Map<String, Analysis> known = new HashMap<>();
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16))) {
      if (!in.readUTF().equals(version)) {
        return known;
      }
      int count = in.readInt();
      for (int i = 0; i < count; i++) {
        String key = in.readUTF();
        known.put(key, readQuery(in));
      }
      return in.readUTF().equals(version) ? known : new HashMap<>();
    } catch (IOException e) {
      return new HashMap<>();
    }
  }

  /** Only queries are kept: what is refused is soon mended. */
  private void save(Map<String, Analysis> known, Set<String> wanted) {
    List<String> keys = new ArrayList<>();
    for (String key : wanted) {
      if (known.get(key) instanceof Analysis.Query) {
        keys.add(key);
      }
    }
    try {
      Files.createDirectories(requireNonNull(file.getParent()));
      Path temporary = Files.createTempFile(file.getParent(), "analysis", ".tmp");
      try (DataOutputStream out =
          new DataOutputStream(
              new BufferedOutputStream(Files.newOutputStream(temporary), 1 << 16))) {
        out.writeUTF(version);
        out.writeInt(keys.size());
        for (String key : keys) {
          out.writeUTF(key);
          writeQuery(out, (Analysis.Query) requireNonNull(known.get(key)));
        }
        out.writeUTF(version);
      }
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      // The next caller parses again.
    }
  }

  private static void writeQuery(DataOutputStream out, Analysis.Query query) throws IOException {
    out.writeInt(query.tables().size());
    for (Analysis.TableReference table : query.tables()) {
      out.writeUTF(table.name());
      out.writeInt(table.offset());
    }
    out.writeInt(query.files().size());
    for (Analysis.FileReference read : query.files()) {
      out.writeUTF(read.path());
      out.writeInt(read.offset());
    }
    out.writeInt(query.unidentified().size());
    for (Analysis.Unidentified clause : query.unidentified()) {
      out.writeUTF(clause.clause());
      out.writeUTF(clause.reason());
      out.writeInt(clause.offset());
    }
  }

  private static Analysis.Query readQuery(DataInputStream in) throws IOException {
    List<Analysis.TableReference> tables = new ArrayList<>();
    for (int i = in.readInt(); i > 0; i--) {
      tables.add(new Analysis.TableReference(in.readUTF(), in.readInt()));
    }
    List<Analysis.FileReference> files = new ArrayList<>();
    for (int i = in.readInt(); i > 0; i--) {
      files.add(new Analysis.FileReference(in.readUTF(), in.readInt()));
    }
    List<Analysis.Unidentified> unidentified = new ArrayList<>();
    for (int i = in.readInt(); i > 0; i--) {
      unidentified.add(new Analysis.Unidentified(in.readUTF(), in.readUTF(), in.readInt()));
    }
    return new Analysis.Query(tables, files, unidentified);
  }
}

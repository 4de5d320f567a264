package io.headrace.iceberg;

import io.headrace.error.HeadraceException;
import io.headrace.table.Column;
import io.headrace.table.DataFile;
import io.headrace.table.PartitionField;
import io.headrace.table.SchemaEvolution;
import io.headrace.table.TableData;
import io.headrace.table.TableName;
import io.headrace.table.TableSchema;
import io.headrace.table.TableStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableMetadataParser;
import org.apache.iceberg.io.PositionOutputStream;

/**
 * Keeps versions as Iceberg tables of format 2 in a folder of this machine: one metadata file for
 * each version, which any Iceberg reader can open.
 */
public final class IcebergTableStore implements TableStore {
  private static final long CACHE_WEIGHT = 100_000;

  private final Layout layout;
  private final Disk disk;
  private final VersionCache cache = new VersionCache(CACHE_WEIGHT);

  /** Folders whose own names are durable, as far as this store has seen to it. */
  private final Set<Path> durableFolders = ConcurrentHashMap.newKeySet();

  /**
   * Uses the folder {@code warehouse}, which is made when the first table is.
   *
   * @param disk what to write with, usually {@link Disk#local()}
   */
  public IcebergTableStore(Path warehouse, Disk disk) {
    this.layout = new Layout(realPath(warehouse.toAbsolutePath().normalize()));
    this.disk = disk;
  }

  /** One name for one place: metadata keeps paths, and two ways there must not make two of them. */
  private static Path realPath(Path folder) {
    Path parent = folder.getParent();
    try {
      return folder.toRealPath();
    } catch (IOException e) {
      return parent == null ? folder : realPath(parent).resolve(folder.getFileName());
    }
  }

  @Override
  public Path warehouse() {
    return layout.warehouse();
  }

  @Override
  public Draft draft(
      TableName table,
      Optional<String> base,
      List<Column> columns,
      List<PartitionField> partitioning,
      Map<String, String> renames) {
    Optional<TableSchema> before = base.map(this::schema);
    TableSchema schema = SchemaEvolution.evolve(before, columns, renames);
    Path folder = layout.table(table);
    try {
      disk.createFolders(Layout.dataFolder(folder));
      disk.createFolders(Layout.metadataFolder(folder));
    } catch (IOException e) {
      throw failure("prepare", table, e);
    }
    return new Draft(table, base, schema, partitioning, Layout.dataFolder(folder));
  }

  @Override
  public String commit(Draft draft, List<DataFile> files) {
    Path folder = layout.table(draft.table());
    DiskFileIO io = new DiskFileIO(disk);
    try {
      syncData(draft, files);
      Optional<TableMetadata> base = draft.base().map(location -> metadata(location).metadata());
      TableMetadata prepared =
          VersionMetadata.prepare(base, draft, folder, isUniform(base, draft, files));
      DataFileConverter converter = new DataFileConverter(prepared.schema(), prepared.spec());
      List<org.apache.iceberg.DataFile> entries = files.stream().map(converter::toIceberg).toList();
      TableMetadata complete = VersionMetadata.withFiles(prepared, entries, io, folder);
      String location = Layout.newMetadataFile(folder).toString();
      write(complete, location, io);
      syncFolders(folder);
      TableMetadata committed =
          TableMetadata.buildFrom(complete).withMetadataLocation(location).discardChanges().build();
      cache.put(location, new VersionCache.Entry(committed, Optional.of(entries)));
      return location;
    } catch (IOException | RuntimeException e) {
      io.discard();
      throw e instanceof HeadraceException known ? known : failure("commit", draft.table(), e);
    }
  }

  @Override
  public void discard(List<DataFile> files) {
    for (DataFile file : files) {
      try {
        disk.delete(Path.of(file.path()));
      } catch (IOException e) {
        // Nothing refers to it, so that `gc` takes it.
      }
    }
  }

  /** Whether all files were written with the schema of the draft. */
  private boolean isUniform(Optional<TableMetadata> base, Draft draft, List<DataFile> files) {
    if (base.isEmpty()) {
      return true;
    }
    boolean isSame = schema(base.get()).columns().equals(draft.schema().columns());
    if (isSame && VersionMetadata.isUniform(base.get())) {
      return true;
    }
    try {
      Set<String> before = new HashSet<>();
      load(draft.base().orElseThrow()).files().forEach(file -> before.add(file.path()));
      return files.stream().noneMatch(file -> before.contains(file.path()));
    } catch (HeadraceException e) {
      // What the base has is not known.
      return false;
    }
  }

  /** Data before metadata: whatever metadata says is there is there. */
  private void syncData(Draft draft, List<DataFile> files) throws IOException {
    Set<String> durable = durableFiles(draft);
    Set<Path> folders = new LinkedHashSet<>();
    for (DataFile file : files) {
      if (durable.contains(file.path())) {
        continue;
      }
      Path path = Path.of(file.path());
      long length = disk.sync(path);
      if (length != file.sizeBytes()) {
        throw new IOException(
            "file '%s' has %d bytes, not %d".formatted(path, length, file.sizeBytes()));
      }
      Path parent = path.getParent();
      if (parent != null) {
        folders.add(parent);
      }
    }
    for (Path folder : folders) {
      disk.syncFolder(folder);
    }
  }

  /** The files of the base, if they are known without reading: they were committed once. */
  private Set<String> durableFiles(Draft draft) {
    Set<String> durable = new HashSet<>();
    draft
        .base()
        .flatMap(cache::find)
        .flatMap(VersionCache.Entry::files)
        .ifPresent(
            files -> files.forEach(file -> durable.add(Layout.toPlainPath(file.location()))));
    return durable;
  }

  private static void write(TableMetadata metadata, String location, DiskFileIO io)
      throws IOException {
    try (PositionOutputStream stream = io.newOutputFile(location).create()) {
      stream.write(TableMetadataParser.toJson(metadata).getBytes(StandardCharsets.UTF_8));
    }
  }

  private void syncFolders(Path table) throws IOException {
    disk.syncFolder(Layout.metadataFolder(table));
    if (!durableFolders.contains(table)) {
      disk.syncFolder(table);
      disk.syncFolder(layout.warehouse());
      durableFolders.add(table);
    }
    Path parent = layout.warehouse().getParent();
    if (parent != null && !durableFolders.contains(parent)) {
      disk.syncFolder(parent);
      durableFolders.add(parent);
    }
  }

  private static HeadraceException failure(String verb, TableName table, Exception e) {
    return new HeadraceException(
        "Cannot %s a version of table '%s': %s".formatted(verb, table, reason(e)),
        "Nothing was changed; see to the disk and run again",
        e);
  }

  private static String reason(Exception e) {
    Throwable first = e.getCause() instanceof IOException cause ? cause : e;
    String message = first.getMessage();
    if (first instanceof NoSuchFileException) {
      return "file '%s' is missing".formatted(message);
    }
    return message == null ? first.toString() : message;
  }

  @Override
  public TableData load(String metadataLocation) {
    VersionCache.Entry entry = metadata(metadataLocation);
    TableMetadata metadata = entry.metadata();
    List<org.apache.iceberg.DataFile> files =
        entry
            .files()
            .orElseGet(
                () -> {
                  List<org.apache.iceberg.DataFile> read = reader(metadataLocation).files(metadata);
                  cache.put(metadataLocation, new VersionCache.Entry(metadata, Optional.of(read)));
                  return read;
                });
    DataFileConverter converter = new DataFileConverter(metadata.schema(), metadata.spec());
    return new TableData(
        schema(metadata),
        Partitions.fromSpec(metadata.spec(), metadata.schema()),
        files.stream().map(converter::fromIceberg).toList(),
        VersionMetadata.isUniform(metadata));
  }

  @Override
  public TableSchema schema(String metadataLocation) {
    return schema(metadata(metadataLocation).metadata());
  }

  private VersionCache.Entry metadata(String metadataLocation) {
    Optional<VersionCache.Entry> cached = cache.find(metadataLocation);
    if (cached.isPresent()) {
      return cached.get();
    }
    VersionCache.Entry entry =
        new VersionCache.Entry(reader(metadataLocation).metadata(), Optional.empty());
    cache.put(metadataLocation, entry);
    return entry;
  }

  private VersionReader reader(String metadataLocation) {
    return new VersionReader(new DiskFileIO(disk), metadataLocation);
  }

  private static TableSchema schema(TableMetadata metadata) {
    return Schemas.fromIceberg(metadata.schema(), metadata.lastColumnId());
  }

  @Override
  public Set<Path> reachableFiles(String metadataLocation) {
    VersionReader reader = reader(metadataLocation);
    return reader.reachable(reader.metadata());
  }

  @Override
  public Set<Path> allFiles() {
    Set<Path> files = new HashSet<>();
    if (!Files.exists(warehouse())) {
      return files;
    }
    try {
      Files.walkFileTree(
          warehouse(),
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              files.add(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
              if (e instanceof NoSuchFileException) {
                // Somebody took it away while we were looking.
                return FileVisitResult.CONTINUE;
              }
              throw e;
            }
          });
    } catch (IOException e) {
      throw new HeadraceException(
          "Cannot list warehouse '%s': %s".formatted(warehouse(), e), "Check its permissions", e);
    }
    return files;
  }
}

package io.headrace.iceberg;

import io.headrace.error.HeadraceException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.ManifestContent;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.ManifestReader;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotSummary;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableMetadataParser;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.FileIO;

/**
 * Reads the metadata of one version from disk, and takes nothing for granted: files that are
 * missing, cut short or at odds with each other are an error, never fewer rows.
 */
final class VersionReader {
  private final FileIO io;
  private final String metadataLocation;

  VersionReader(FileIO io, String metadataLocation) {
    this.io = io;
    this.metadataLocation = metadataLocation;
  }

  TableMetadata metadata() {
    return reading(() -> TableMetadataParser.read(io, metadataLocation));
  }

  List<DataFile> files(TableMetadata metadata) {
    return reading(
        () -> {
          List<DataFile> files = new ArrayList<>();
          for (ManifestFile manifest : manifests(metadata)) {
            files.addAll(entries(manifest, metadata.specsById()));
          }
          return files;
        });
  }

  /** Every file that the version consists of. */
  Set<Path> reachable(TableMetadata metadata) {
    return reading(
        () -> {
          Set<Path> reachable = new HashSet<>();
          reachable.add(Layout.toPath(metadataLocation));
          Snapshot snapshot = metadata.currentSnapshot();
          if (snapshot != null) {
            reachable.add(Layout.toPath(snapshot.manifestListLocation()));
          }
          for (ManifestFile manifest : manifests(metadata)) {
            reachable.add(Layout.toPath(manifest.path()));
            for (DataFile file : entries(manifest, metadata.specsById())) {
              reachable.add(Layout.toPath(file.location()));
            }
          }
          return reachable;
        });
  }

  private List<ManifestFile> manifests(TableMetadata metadata) {
    Snapshot snapshot = metadata.currentSnapshot();
    if (snapshot == null) {
      return List.of();
    }
    List<ManifestFile> manifests = snapshot.allManifests(io);
    long files = 0;
    for (ManifestFile manifest : manifests) {
      if (manifest.content() != ManifestContent.DATA) {
        throw new IllegalStateException("it has delete files, which Headrace never writes");
      }
      files += liveFiles(manifest);
    }
    String total = snapshot.summary().get(SnapshotSummary.TOTAL_DATA_FILES_PROP);
    if (total != null && Long.parseLong(total) != files) {
      throw new IllegalStateException(
          "its manifest list has %d of %s files".formatted(files, total));
    }
    return manifests;
  }

  private List<DataFile> entries(ManifestFile manifest, Map<Integer, PartitionSpec> specs) {
    long length = io.newInputFile(manifest.path()).getLength();
    if (length != manifest.length()) {
      throw new IllegalStateException(
          "manifest '%s' has %d bytes, not %d"
              .formatted(Layout.toPlainPath(manifest.path()), length, manifest.length()));
    }
    List<DataFile> files = new ArrayList<>();
    try (ManifestReader<DataFile> reader = ManifestFiles.read(manifest, io, specs)) {
      for (DataFile file : reader) {
        files.add(file.copy());
      }
    } catch (IOException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
    if (files.size() != liveFiles(manifest)) {
      throw new IllegalStateException(
          "manifest '%s' has %d of %d files"
              .formatted(Layout.toPlainPath(manifest.path()), files.size(), liveFiles(manifest)));
    }
    return files;
  }

  private static long liveFiles(ManifestFile manifest) {
    return (long) manifest.addedFilesCount() + manifest.existingFilesCount();
  }

  private <T> T reading(Supplier<T> read) {
    try {
      return read.get();
    } catch (RuntimeException e) {
      // Iceberg, Avro and Jackson each have their own ways to say that bytes make no sense.
      String reason =
          e instanceof NotFoundException
              ? "file '%s' is missing".formatted(Layout.toPlainPath(String.valueOf(e.getMessage())))
              : "it is damaged: " + e.getMessage();
      throw new HeadraceException(
          "Cannot read version '%s': %s".formatted(Layout.toPlainPath(metadataLocation), reason),
          "Run `headrace doctor`",
          e);
    }
  }
}

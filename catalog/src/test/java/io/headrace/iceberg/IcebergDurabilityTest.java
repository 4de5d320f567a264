package io.headrace.iceberg;

import static io.headrace.iceberg.TestTables.ID_AND_NAME;
import static io.headrace.iceberg.TestTables.commit;
import static io.headrace.iceberg.TestTables.draft;
import static io.headrace.iceberg.TestTables.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.error.HeadraceException;
import io.headrace.iceberg.FaultyDisk.Fault;
import io.headrace.table.DataFile;
import io.headrace.table.TableStore;
import io.headrace.table.TableStore.Draft;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is left after writes that fail and after power cuts. */
class IcebergDurabilityTest {
  @TempDir Path folder;

  private Path warehouse() {
    return folder.resolve("state/warehouse");
  }

  private TableStore store(Disk disk) {
    return new IcebergTableStore(warehouse(), disk);
  }

  @ParameterizedTest
  @EnumSource
  void aFailureAtAnyPointLeavesWhatWasThereAndCanBeTriedAgain(Fault fault) {
    String before = commit(store(Disk.local()), Optional.empty(), 3);
    boolean failed = true;
    for (int n = 1; failed; n++) {
      FaultyDisk disk = new FaultyDisk(n, fault);
      failed = !tryCommit(disk, before);
      assertThat(failed).as("operation %d", n).isEqualTo(disk.hasFailed());
      assertThat(store(Disk.local()).load(before).rowCount()).isEqualTo(3);
    }
  }

  /** Returns whether the commit worked; if not, the same files are committed with a sound disk. */
  private boolean tryCommit(FaultyDisk disk, String before) {
    TableStore store = store(disk);
    // The folders were made for the version before; the engine then writes without the store.
    Draft draft = draft(store(Disk.local()), Optional.of(before), ID_AND_NAME);
    List<DataFile> files = List.of(write(draft, 5), write(draft, 6));
    Set<Path> filesBefore = store.allFiles();
    try {
      String version = store.commit(draft, files);
      assertThat(store(Disk.local()).load(version).rowCount()).isEqualTo(11);
      return true;
    } catch (HeadraceException e) {
      assertThat(e).hasMessageStartingWith("Cannot commit a version of table 'shop.orders': ");
      assertThat(e.hint()).isNotEmpty();
      if (!disk.isCut()) {
        // Nobody will ever ask for what was half written.
        assertThat(store.allFiles()).isEqualTo(filesBefore);
      }
      String version = store(Disk.local()).commit(draft, files);
      assertThat(store(Disk.local()).load(version).rowCount()).isEqualTo(11);
      return false;
    }
  }

  @Test
  void aFailureToMakeFoldersIsAnError() {
    for (int n = 1; n <= 2; n++) {
      TableStore store = store(new FaultyDisk(n, Fault.ERROR));
      assertThatThrownBy(() -> draft(store, Optional.empty(), ID_AND_NAME))
          .isInstanceOf(HeadraceException.class)
          .hasMessageStartingWith("Cannot prepare a version of table 'shop.orders': ");
    }
  }

  @Test
  void dataIsDurableBeforeMetadata() {
    FaultyDisk disk = FaultyDisk.sound();
    TableStore store = store(disk);
    Draft draft = draft(store, Optional.empty(), ID_AND_NAME);
    String version = store.commit(draft, List.of(write(draft, 5), write(draft, 6)));

    List<String> done = disk.done();
    int firstMetadata = indexOf(done, "create ");
    assertThat(done.subList(0, firstMetadata))
        .filteredOn(line -> line.startsWith("sync "))
        .hasSize(2)
        .allMatch(line -> line.endsWith(".parquet"));
    assertThat(done.get(firstMetadata - 1)).isEqualTo("syncFolder " + draft.dataFolder());
    int metadataFile = done.indexOf("sync " + version);
    assertThat(done.subList(firstMetadata, metadataFile))
        .filteredOn(line -> line.startsWith("sync "))
        .hasSize(2)
        .allMatch(line -> line.endsWith(".avro"));
    assertThat(done.get(metadataFile + 1)).isEqualTo("syncFolder " + Path.of(version).getParent());
  }

  @Test
  void filesOfTheVersionBeforeAreNotSyncedAgain() {
    FaultyDisk disk = FaultyDisk.sound();
    TableStore store = store(disk);
    String first = commit(store, Optional.empty(), 5);
    DataFile old = store.load(first).files().get(0);
    Draft draft = draft(store, Optional.of(first), ID_AND_NAME);
    disk.done().clear();
    store.commit(draft, List.of(old, write(draft, 6)));

    assertThat(disk.done()).doesNotContain("sync " + old.path());
  }

  @Test
  void aPowerCutAfterTheCommitLosesNothing() throws IOException {
    FaultyDisk disk = FaultyDisk.sound();
    TableStore store = store(disk);
    String first = commit(store, Optional.empty(), 5);
    String second = commit(store, Optional.of(first), 6);

    losePower(disk.done());
    TableStore after = store(Disk.local());
    for (String version : List.of(first, second)) {
      assertThat(after.load(version).files()).isEqualTo(store.load(version).files());
      assertThat(after.reachableFiles(version)).allMatch(Files::exists);
    }
  }

  /** Takes away every name and all content that nobody asked to be made durable. */
  private void losePower(List<String> done) throws IOException {
    Set<Path> durableFolders = new HashSet<>();
    Set<Path> durableFiles = new HashSet<>();
    for (String line : done) {
      Path path = Path.of(line.substring(line.indexOf(' ') + 1));
      if (line.startsWith("syncFolder ")) {
        durableFolders.add(path);
      } else if (line.startsWith("sync ")) {
        durableFiles.add(path);
      }
    }
    for (Path file : store(Disk.local()).allFiles()) {
      boolean named = true;
      for (Path at = file; at != null && !at.equals(folder.resolve("state")); at = at.getParent()) {
        named &= durableFolders.contains(at.getParent());
      }
      if (!named || !durableFiles.contains(file)) {
        Files.delete(file);
      }
    }
  }

  private static int indexOf(List<String> lines, String start) {
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).startsWith(start)) {
        return i;
      }
    }
    throw new AssertionError("No '%s' in %s".formatted(start, lines));
  }
}

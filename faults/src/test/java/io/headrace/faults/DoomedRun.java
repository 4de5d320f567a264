package io.headrace.faults;

import io.headrace.engine.Cancellation;
import io.headrace.erase.Erasure;
import io.headrace.maintain.Maintenance;
import io.headrace.run.RunResult;
import io.headrace.table.TableName;
import io.headrace.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;

/**
 * Runs a project in a process that dies at one of its operations.
 *
 * <p>Arguments: the project's folder, the number of the operation, and a journal that is kept of
 * what is durable. With another argument, the project is maintained instead; with a table and a
 * condition, those rows are erased.
 */
public final class DoomedRun {
  /** The exit code of a process that died as it should. */
  static final int DIED = 99;

  private DoomedRun() {}

  /** Runs, and prints how many operations there were if it lives. */
  public static void main(String[] args) throws IOException {
    TestProject project = new TestProject(Path.of(args[0]));
    Doom doom = new Doom(Integer.parseInt(args[1]), Path.of(args[2]));
    try (Workspace workspace =
        project.open(new Operations(doom).parts(TestProject.Parts.USUAL.engine()))) {
      if (args.length > 4) {
        erase(workspace, TableName.parse(args[3]), args[4]);
      } else if (args.length > 3) {
        maintain(workspace);
      } else {
        RunResult unused = new TestRun().jobs(1).in(workspace);
      }
    }
    System.out.println("Alive after " + doom.operations);
  }

  private static void erase(Workspace workspace, TableName table, String condition) {
    Erasure erasure = new Erasure(workspace);
    TreeSet<TableName> tables = new TreeSet<>(Set.of(table));
    erasure.erase(erasure.find(tables, condition, Cancellation.never()), Cancellation.never());
  }

  private static void maintain(Workspace workspace) {
    Collection<String> ids = workspace.catalog().environments().head("main").versions().values();
    new Maintenance(workspace)
        .compact(
            workspace.catalog().versions().findAll(ids).values(),
            false,
            compacted -> {},
            Cancellation.never());
  }

  /** Ends the process at an operation: before it, or in the middle of a write. */
  private static final class Doom implements Operations.Fate {
    private final int last;
    private final Path journal;
    private int operations;

    Doom(int last, Path journal) {
      this.last = last;
      this.journal = journal;
    }

    @Override
    public synchronized boolean before(String operation) throws IOException {
      if (++operations < last) {
        return false;
      }
      note("died\t" + operation);
      if (operation.startsWith("write ")) {
        return true;
      }
      Runtime.getRuntime().halt(DIED);
      return false;
    }

    @Override
    public void half() {
      Runtime.getRuntime().halt(DIED);
    }

    @Override
    public synchronized void synced(Path file, long length) throws IOException {
      note("file\t" + file + "\t" + length);
    }

    @Override
    public synchronized void syncedFolder(Path folder, String names) throws IOException {
      note("folder\t" + folder + "\t" + names);
    }

    private void note(String line) throws IOException {
      Files.writeString(journal, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
  }
}

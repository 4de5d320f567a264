package io.headrace.run;

import io.headrace.connector.Position;
import io.headrace.connector.Staged;
import io.headrace.engine.Cancellation;
import io.headrace.graph.Node;
import io.headrace.project.Task;
import io.headrace.table.TableName;
import io.headrace.workspace.Staging;
import io.headrace.workspace.Workspace;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What was read from outside systems, in files. Two tables that share the rows of a source read it
 * once, if both begin at the same place. The files are there until both are done, or this is
 * closed. Safe for many threads.
 */
final class StagedReads implements AutoCloseable {
  private final Workspace workspace;
  private final Map<Range, Read> reads = new HashMap<>();
  private final Set<TableName> done = new HashSet<>();

  StagedReads(Workspace workspace) {
    this.workspace = workspace;
  }

  /** Which rows of what are read. */
  private record Range(Task.External external, List<Position> after, List<Position> upTo) {}

  /** One read. Its lock is held while it goes on. */
  private static final class Read {
    private final Set<TableName> tables = new HashSet<>();
    private @Nullable Staging staging;
    private @Nullable Staged staged;

    synchronized Staged get(Workspace workspace, Range range, Cancellation cancel) {
      cancel.throwIfRequested();
      Staged there = staged;
      if (there != null) {
        return there;
      }
      Staging opened = Staging.open(workspace, range.external());
      try {
        Staged now = opened.read(range.after(), range.upTo(), cancel);
        staging = opened;
        staged = now;
        return now;
      } finally {
        if (staging == null) {
          opened.close();
        }
      }
    }

    synchronized void close() {
      if (staging != null) {
        staging.close();
      }
    }
  }

  /** The rows behind some positions, up to others. A read that failed is tried again. */
  Staged read(
      Node node,
      Task.External external,
      List<Position> after,
      List<Position> upTo,
      Cancellation cancel) {
    Range range = new Range(external, after, upTo);
    Read read;
    synchronized (this) {
      read = reads.computeIfAbsent(range, r -> new Read());
      read.tables.add(node.name());
      half(node).filter(other -> !done.contains(other)).ifPresent(read.tables::add);
    }
    return read.get(workspace, range, cancel);
  }

  /** Nothing more is read for the table of a node. */
  synchronized void done(Node node) {
    done.add(node.name());
    for (Iterator<Read> i = reads.values().iterator(); i.hasNext(); ) {
      Read read = i.next();
      if (done.containsAll(read.tables)) {
        i.remove();
        read.close();
      }
    }
  }

  private static Optional<TableName> half(Node node) {
    return node.task().configuration().reject().map(Task.Reject::other);
  }

  @Override
  public synchronized void close() {
    reads.values().forEach(Read::close);
    reads.clear();
  }
}

package io.headrace.server.runs;

import io.headrace.workspace.Workspace;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Which state of a project's files is used. Safe for many threads. */
public interface Revisions extends AutoCloseable {

  /** The newest, to look at. Its files stay a while when another has come. */
  Workspace current();

  /**
   * One whose files stay as they are until it is closed.
   *
   * @param commit its name; the newest if empty
   * @throws io.headrace.error.HeadraceException if it is not to be had
   */
  Use take(Optional<String> commit);

  /** The branches other than the one that is served; empty if none has a sandbox here. */
  Optional<Branches> branches();

  /**
   * Branches of a repository.
   *
   * @param names of all of them
   * @param sandboxes those that have sandboxes here, each with its commit
   */
  record Branches(SortedSet<String> names, SortedMap<String, String> sandboxes) {
    public Branches {
      names = Collections.unmodifiableSortedSet(new TreeSet<>(names));
      sandboxes = Collections.unmodifiableSortedMap(new TreeMap<>(sandboxes));
    }
  }

  @Override
  void close();

  /** A revision that somebody uses. */
  interface Use extends AutoCloseable {
    Workspace workspace();

    @Override
    void close();
  }

  /** The files of a folder, as they are. */
  static Revisions of(Workspace workspace) {
    return new Revisions() {
      @Override
      public Workspace current() {
        return workspace;
      }

      @Override
      public Use take(Optional<String> commit) {
        return new Use() {
          @Override
          public Workspace workspace() {
            return workspace;
          }

          @Override
          public void close() {}
        };
      }

      @Override
      public Optional<Branches> branches() {
        return Optional.empty();
      }

      @Override
      public void close() {}
    };
  }
}

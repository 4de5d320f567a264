package io.headrace.error;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** Collects mistakes, so that a user sees all of them at once. Safe for many threads. */
public final class Problems {
  private final SortedSet<Problem> found = new TreeSet<>();

  public void add(Location at, String message, String hint) {
    add(new Problem(at, message, hint));
  }

  public synchronized void add(Problem problem) {
    found.add(problem);
  }

  public synchronized boolean isEmpty() {
    return found.isEmpty();
  }

  /** What was found, in the order of its places. */
  public synchronized List<Problem> list() {
    return new ArrayList<>(found);
  }

  /** Throws {@link ProjectException} if anything was found. */
  public void throwIfAny() {
    List<Problem> problems = list();
    if (!problems.isEmpty()) {
      throw new ProjectException(problems);
    }
  }
}

package io.headrace.faults;

import io.headrace.error.HeadraceException;

/**
 * A process that dies without dying: from one of its operations on, none is done any more, as if
 * the rest of the work had never been there. So no clean-up of the dead work makes anything last
 * either, and a kill costs no process. Used by all threads of a run.
 */
final class MortalProcess implements Operations.Fate {
  private int operations;
  private int last = Integer.MAX_VALUE;
  private String diedAt = "";

  /** Is thrown by each operation of a dead process. No part of Headrace can have it in mind. */
  static final class DiedError extends Error {
    private static final long serialVersionUID = 1L;

    DiedError(String operation) {
      super("the process died at '%s'".formatted(operation));
    }
  }

  /**
   * Works, and dies at an operation: before it, or in the middle of a write.
   *
   * @param operation its number, from 1; if there are fewer, the process lives
   * @return the operation at which it died, or nothing
   */
  String dieAt(int operation, Runnable work) {
    begin(operation);
    try {
      work.run();
    } catch (DiedError | HeadraceException e) {
      if (diedAt().isEmpty()) {
        throw e;
      }
    } finally {
      outlive();
    }
    return diedAt();
  }

  /** Works, and returns how many operations that took. */
  int count(Runnable work) {
    begin(Integer.MAX_VALUE);
    work.run();
    return operations();
  }

  private synchronized void begin(int end) {
    if (!diedAt.isEmpty()) {
      throw new IllegalStateException("The process is dead");
    }
    operations = 0;
    last = end;
  }

  private synchronized void outlive() {
    last = Integer.MAX_VALUE;
  }

  private synchronized int operations() {
    return operations;
  }

  private synchronized String diedAt() {
    return diedAt;
  }

  @Override
  public synchronized boolean before(String operation) {
    if (!diedAt.isEmpty()) {
      throw new DiedError(diedAt);
    }
    if (++operations < last) {
      return false;
    }
    diedAt = operation;
    if (operation.startsWith("write ")) {
      return true;
    }
    throw new DiedError(operation);
  }

  @Override
  public void half() {
    throw new DiedError(diedAt());
  }
}

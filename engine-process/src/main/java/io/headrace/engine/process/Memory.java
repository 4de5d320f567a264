package io.headrace.engine.process;

/**
 * How the memory of a process is divided.
 *
 * @param heapBytes for Java's objects
 * @param engineBytes for the rows of the engine, before it spills to disk
 */
record Memory(long heapBytes, long engineBytes) {
  private static final long MB = 1 << 20;
  private static final long LARGEST_HEAP = 512 * MB;

  /** Java's classes and threads, and what an engine needs beside its rows. */
  private static final long REST = 96 * MB;

  private static final long SMALLEST_ENGINE = 32 * MB;

  static Memory within(long bytes) {
    long heap = Math.min(LARGEST_HEAP, bytes / 4);
    return new Memory(heap, Math.max(SMALLEST_ENGINE, bytes - heap - REST));
  }
}

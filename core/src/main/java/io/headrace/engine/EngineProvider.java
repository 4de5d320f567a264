package io.headrace.engine;

import java.nio.file.Path;

/** Starts an engine. Found through {@link java.util.ServiceLoader}. */
public interface EngineProvider {

  /** The word that selects it in {@code engine:}, such as {@code duckdb}. */
  String name();

  /**
   * Changes whenever {@link Engine#analyze} could answer differently, so that answers can be kept;
   * known without starting the engine.
   */
  String analysisVersion();

  Engine start(Settings settings);

  /** Ends what is kept for engines that would come. Engines that are open stay open. */
  default void close() {}

  /**
   * The engine's share of the machine.
   *
   * @param memoryBytes what all sessions together may hold before they spill to disk
   * @param threads how many it computes with
   * @param temporaryFolder where it spills; made when needed
   */
  record Settings(long memoryBytes, int threads, Path temporaryFolder) {}
}

package io.headrace.graph;

import io.headrace.sql.Analysis;
import java.util.List;

/** Says what queries read. {@link AnalysisCache} is one, an engine's {@code analyze} another. */
@FunctionalInterface
public interface Analyzer {
  List<Analysis> analyze(List<String> statements);
}

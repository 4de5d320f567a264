package io.headrace.run;

import io.headrace.graph.Graph;
import io.headrace.workspace.Workspace;

/**
 * What there is to know of a run before anything happens in it.
 *
 * @param project its name
 */
public record ObservedRun(String project, Workspace workspace, Graph graph, RunRequest request) {}

/**
 * Projects that are served from a git repository, commit by commit.
 *
 * <p>Start at {@link io.headrace.server.revision.GitRevisions}. May use {@code server.runs} and the
 * core; the program {@code git} is started in here only.
 */
@NullMarked
package io.headrace.server.revision;

import org.jspecify.annotations.NullMarked;

/**
 * The first step: files to tasks. Reads a folder with {@code tables/}, {@code checks/}, {@code
 * tests/} and {@code headrace.yaml} into a {@link io.headrace.project.Project}.
 *
 * <p>May use {@code yaml}, {@code sql}, {@code table}, {@code check}, {@code engine} (for the
 * values that say how a file is read) and {@code error}. Resolves no name and runs nothing: that is
 * what {@code graph} and {@code run} are for.
 */
@NullMarked
package io.headrace.project;

import org.jspecify.annotations.NullMarked;

/**
 * Reads YAML with the place of everything in it, and reports all mistakes at once with the nearest
 * right word.
 *
 * <p>Start at {@link io.headrace.yaml.YamlDocument}. May use {@code error}. Knows nothing of
 * projects.
 */
@NullMarked
package io.headrace.yaml;

import org.jspecify.annotations.NullMarked;

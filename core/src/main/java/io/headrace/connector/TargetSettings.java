package io.headrace.connector;

import java.nio.file.Path;

/**
 * What an export says of a thing in an outside system.
 *
 * @param root the project's folder, which relative paths start at
 * @param into the thing's name there, such as that of a table
 */
public record TargetSettings(Path root, Connection connection, String into) {}

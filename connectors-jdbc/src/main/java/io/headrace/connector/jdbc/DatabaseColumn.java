package io.headrace.connector.jdbc;

import io.headrace.connector.staging.CursorKind;
import java.util.Optional;

/**
 * A column, and how it is read.
 *
 * @param name as the system has it
 * @param type as the engine spells it
 * @param expression what is selected
 * @param quoted whether its text is put in quotes
 * @param cell how a value becomes text
 * @param cursor what it is as a cursor; empty if it cannot be one
 * @param systemType for messages
 */
record DatabaseColumn(
    String name,
    String type,
    String expression,
    boolean quoted,
    Cell cell,
    Optional<CursorKind> cursor,
    String systemType) {}

package io.headrace.access;

/**
 * Some rows of tables are not for everybody.
 *
 * @param rows a condition in SQL on the rows that may be seen
 * @param except who sees all rows; admins always do
 */
public record RowFilter(Names projects, Names tables, String rows, Who except) {}

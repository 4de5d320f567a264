package io.headrace.access;

/**
 * The values of a column are not for everybody.
 *
 * @param as what is seen instead: an expression in SQL, of the columns of the table
 * @param except who sees the values; admins always do
 */
public record Mask(Names projects, Names tables, String column, String as, Who except) {}

/**
 * Who may do what on a server, and what is kept of those who ask: rules, which people write in a
 * file, and accounts, which a database keeps.
 *
 * <p>Start at {@link io.headrace.access.AccessRules} and {@link io.headrace.access.Rights}, which
 * answer, and {@link io.headrace.access.Accounts}. {@link io.headrace.access.Permissions} refuses
 * files that others on the machine could change. None of it is part of a project: who may edit a
 * project must not be able to give himself rights. May use {@code connector}, {@code engine},
 * {@code error}, {@code project} for references to secrets, {@code table} and {@code yaml}. Knows
 * nothing of HTTP.
 */
@NullMarked
package io.headrace.access;

import org.jspecify.annotations.NullMarked;

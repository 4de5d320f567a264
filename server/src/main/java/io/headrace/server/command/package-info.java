/**
 * Commands that a server does for people elsewhere: what the command line can do, with its output
 * as it comes. What a command does is not known here: {@link
 * io.headrace.server.command.CommandRunner} is given by who makes the server. May use {@code
 * server.runs} and the core.
 */
@NullMarked
package io.headrace.server.command;

import org.jspecify.annotations.NullMarked;

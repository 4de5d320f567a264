/** Served projects: schedules, runs and answers over HTTP. */
@org.jspecify.annotations.NullMarked
package io.headrace.server;

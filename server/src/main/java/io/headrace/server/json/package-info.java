/**
 * What programs are told, in JSON: by the command line and over HTTP in the same words.
 *
 * <p>Start at {@link io.headrace.server.json.Json}. May use the core and Jackson's generator; knows
 * neither HTTP nor a console.
 */
@NullMarked
package io.headrace.server.json;

import org.jspecify.annotations.NullMarked;

/**
 * The web pages: what the command line says, for people who look at it with a browser.
 *
 * <p>Start at {@link io.headrace.server.ui.Ui}. Each page is a record of what it shows and a
 * template that knows nothing else. Pages only read: what changes anything is a request to the API,
 * which a small script sends. May use {@code server.route} for routes and projects, {@code
 * server.runs}, {@code server.json}, {@code server.text} and the core.
 */
@NullMarked
package io.headrace.server.ui;

import org.jspecify.annotations.NullMarked;

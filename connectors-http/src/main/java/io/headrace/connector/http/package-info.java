/**
 * Reads APIs over HTTP into CSV files.
 *
 * <p>Start at {@link io.headrace.connector.http.HttpConnector}. A request is one of {@link
 * io.headrace.connector.http.Requests}: it goes to public addresses only unless the connection says
 * otherwise, waits and repeats as the API asks, and leaves what was answered in a file of bounded
 * size. A position is the highest value of the cursor in the rows that the API has given.
 */
@NullMarked
package io.headrace.connector.http;

import org.jspecify.annotations.NullMarked;

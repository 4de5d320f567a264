/** Tests against the real systems, each read back with the real engine. */
@NullMarked
package io.headrace.connector.jdbc;

import org.jspecify.annotations.NullMarked;

@NullMarked
package io.headrace.catalog.sqlite;

import org.jspecify.annotations.NullMarked;

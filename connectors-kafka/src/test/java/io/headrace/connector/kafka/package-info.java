@NullMarked
package io.headrace.connector.kafka;

import org.jspecify.annotations.NullMarked;

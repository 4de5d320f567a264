@NullMarked
package io.headrace.connector.kafka.protobuf;

import org.jspecify.annotations.NullMarked;

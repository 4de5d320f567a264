@org.jspecify.annotations.NullMarked
package io.headrace.server.access;

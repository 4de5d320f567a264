@org.jspecify.annotations.NullMarked
package io.headrace.connector.files;

/** What is found out about published tables. */
@org.jspecify.annotations.NullMarked
package io.headrace.query;

/** Tests of the connector for APIs, on servers that are real, and broken where that is tested. */
@org.jspecify.annotations.NullMarked
package io.headrace.connector.http;

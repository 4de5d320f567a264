/** Tests of the API's description. */
@org.jspecify.annotations.NullMarked
package io.headrace.server.route;

package io.headrace.connector.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.StringEntity;

/**
 * What a request sends.
 *
 * @param type of the body
 * @param body may be empty
 */
record Outgoing(String method, ContentType type, String body) {
  static final ContentType NDJSON = ContentType.create("application/x-ndjson", UTF_8);

  static Outgoing form(String fields) {
    return new Outgoing("POST", ContentType.APPLICATION_FORM_URLENCODED, fields);
  }

  HttpEntity entity() {
    return new StringEntity(body, type);
  }
}

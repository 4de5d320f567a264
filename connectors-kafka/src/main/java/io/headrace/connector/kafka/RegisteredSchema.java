package io.headrace.connector.kafka;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What a registry says of a schema. */
record RegisteredSchema(String type, String schema, List<Reference> references) {
  private static final JsonFactory JSON = new JsonFactory();

  RegisteredSchema {
    references = List.copyOf(references);
  }

  static RegisteredSchema of(byte[] body) throws IOException {
    String type = "AVRO";
    String schema = "";
    List<Reference> references = new ArrayList<>();
    try (JsonParser json = JSON.createParser(body)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("it answers no JSON object");
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        JsonToken value = json.nextToken();
        if (name.equals("schemaType") && value == JsonToken.VALUE_STRING) {
          type = json.getText();
        } else if (name.equals("schema") && value == JsonToken.VALUE_STRING) {
          schema = json.getText();
        } else if (name.equals("references") && value == JsonToken.START_ARRAY) {
          while (json.nextToken() == JsonToken.START_OBJECT) {
            references.add(reference(json));
          }
        } else {
          json.skipChildren();
        }
      }
    }
    return new RegisteredSchema(type, schema, references);
  }

  private static Reference reference(JsonParser json) throws IOException {
    String name = "";
    String subject = "";
    String version = "";
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String key = json.currentName();
      JsonToken value = json.nextToken();
      if (key.equals("name")) {
        name = json.getText();
      } else if (key.equals("subject")) {
        subject = json.getText();
      } else if (key.equals("version") && value == JsonToken.VALUE_NUMBER_INT) {
        version = Integer.toString(json.getIntValue());
      }
      json.skipChildren();
    }
    return new Reference(name, subject, version);
  }

  /**
   * What a schema needs besides.
   *
   * @param name what the schema calls it
   */
  record Reference(String name, String subject, String version) {}
}

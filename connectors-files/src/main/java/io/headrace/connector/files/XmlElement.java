package io.headrace.connector.files;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * An element with all that is in it.
 *
 * @param attributes by name
 * @param children by name, in the order of their first appearance
 * @param text of its own, without blanks around it
 */
record XmlElement(
    Map<String, String> attributes, Map<String, List<XmlElement>> children, String text) {
  /** The column for the text of an element that has more than that. */
  private static final String TEXT = "text";

  /** Reads the element that the reader has just begun, to its end. */
  static XmlElement read(XMLStreamReader xml, int deepest) throws XMLStreamException {
    if (deepest == 0) {
      throw new XMLStreamException("elements are nested too deep", xml.getLocation());
    }
    Map<String, String> attributes = new LinkedHashMap<>();
    for (int i = 0; i < xml.getAttributeCount(); i++) {
      attributes.put(xml.getAttributeLocalName(i), xml.getAttributeValue(i));
    }
    Map<String, List<XmlElement>> children = new LinkedHashMap<>();
    StringBuilder text = new StringBuilder();
    for (int event = xml.next(); event != XMLStreamConstants.END_ELEMENT; event = xml.next()) {
      if (event == XMLStreamConstants.START_ELEMENT) {
        children
            .computeIfAbsent(xml.getLocalName(), name -> new ArrayList<>())
            .add(read(xml, deepest - 1));
      } else if (event == XMLStreamConstants.ENTITY_REFERENCE) {
        throw new XMLStreamException(
            "unknown entity '%s'".formatted(xml.getLocalName()), xml.getLocation());
      } else if (xml.isCharacters()) {
        text.append(xml.getText());
      }
    }
    return new XmlElement(attributes, children, text.toString().strip());
  }

  /** Adds the paths of children that are there more than once. */
  void findLists(String path, Set<String> lists) {
    children.forEach(
        (name, elements) -> {
          String own = path + "/" + name;
          if (elements.size() > 1 || attributes.containsKey(name)) {
            lists.add(own);
          }
          elements.forEach(element -> element.findLists(own, lists));
        });
  }

  /** Writes it as an object. */
  void write(String path, Set<String> lists, JsonGenerator out) throws IOException {
    out.writeStartObject();
    for (Map.Entry<String, String> attribute : attributes.entrySet()) {
      if (!children.containsKey(attribute.getKey())) {
        out.writeStringField(attribute.getKey(), attribute.getValue());
      }
    }
    for (Map.Entry<String, List<XmlElement>> child : children.entrySet()) {
      String own = path + "/" + child.getKey();
      if (!lists.contains(own) && child.getValue().get(0).isEmpty()) {
        // If all are so, nothing tells a type.
        continue;
      }
      out.writeFieldName(child.getKey());
      if (lists.contains(own)) {
        out.writeStartArray();
        String attribute = attributes.get(child.getKey());
        if (attribute != null) {
          out.writeString(attribute);
        }
        for (XmlElement element : child.getValue()) {
          element.writeValue(own, lists, out);
        }
        out.writeEndArray();
      } else {
        child.getValue().get(0).writeValue(own, lists, out);
      }
    }
    if (!text.isEmpty()) {
      out.writeStringField(TEXT, text);
    }
    out.writeEndObject();
  }

  private boolean isEmpty() {
    return attributes.isEmpty() && children.isEmpty() && text.isEmpty();
  }

  private void writeValue(String path, Set<String> lists, JsonGenerator out) throws IOException {
    if (!attributes.isEmpty() || !children.isEmpty()) {
      write(path, lists, out);
    } else if (isEmpty()) {
      out.writeNull();
    } else {
      out.writeString(text);
    }
  }
}

package io.headrace.connector.files;

import com.fasterxml.jackson.core.JsonGenerator;
import io.headrace.bytes.BoundedStream;
import io.headrace.connector.FileConverter;
import io.headrace.engine.Cancellation;
import io.headrace.engine.Query.DeclaredColumn;
import io.headrace.engine.Query.Format;
import io.headrace.error.HeadraceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Reads the elements of one name in an XML file as rows: attributes and child elements are columns.
 * A child that is there more than once in any row is a list, one with children or attributes of its
 * own a struct, and all values are text. Entities and document types are refused.
 */
public final class XmlConverter implements FileConverter {
  private static final String ROW = "row";

  /** More than the engine takes for a row. */
  private static final int LONGEST_ROW = 16 << 20;

  private static final int MOST_NAMES = 100_000;
  private static final String MESSAGE = "Message: ";

  /** More than people nest, and less than a stack holds. */
  private static final int DEEPEST = 100;

  @Override
  public Format format() {
    return Format.XML;
  }

  @Override
  public List<String> options() {
    return List.of(ROW);
  }

  @Override
  public List<DeclaredColumn> convert(
      Path file, SortedMap<String, String> options, Path target, Cancellation cancel)
      throws IOException {
    String row = options.getOrDefault(ROW, "");
    try {
      Set<String> lists = new HashSet<>();
      Set<String> names = new TreeSet<>();
      long rows = 0;
      // Whether a child is a list is known when all rows have been seen.
      try (Reading reading = Reading.of(file, cancel)) {
        while (reading.nextRow(row, names)) {
          XmlElement.read(reading.xml, DEEPEST).findLists("", lists);
          rows++;
        }
      }
      if (rows == 0) {
        throw noRows(file, row, names);
      }
      try (Reading reading = Reading.of(file, cancel);
          JsonGenerator out = Lines.open(target)) {
        while (reading.nextRow(row, names)) {
          XmlElement.read(reading.xml, DEEPEST).write("", lists, out);
        }
      }
      return List.of();
    } catch (XMLStreamException e) {
      String line = e.getLocation() == null ? "" : ", line " + e.getLocation().getLineNumber();
      String message = String.valueOf(e.getMessage());
      throw new HeadraceException(
          "Cannot read '%s'%s as XML: %s"
              .formatted(
                  file,
                  line,
                  message
                      .substring(
                          message.lastIndexOf(MESSAGE) < 0
                              ? 0
                              : message.lastIndexOf(MESSAGE) + MESSAGE.length())
                      .strip()),
          "Is the file complete, and without a document type of its own?",
          e);
    }
  }

  private static HeadraceException noRows(Path file, String row, Set<String> names) {
    String known = String.join(", ", names.stream().limit(10).toList());
    return row.isEmpty()
        ? new HeadraceException(
            "Unclear which elements of '%s' are rows".formatted(file),
            "Say `options: {row: NAME}`; there are: " + known)
        : new HeadraceException(
            "There is no element '%s' in '%s'".formatted(row, file), "There are: " + known);
  }

  /** A file that is read from its beginning. */
  private static final class Reading implements AutoCloseable {
    private final BoundedStream in;
    private final XMLStreamReader xml;
    private final Cancellation cancel;

    private Reading(BoundedStream in, XMLStreamReader xml, Cancellation cancel) {
      this.in = in;
      this.xml = xml;
      this.cancel = cancel;
    }

    static Reading of(Path file, Cancellation cancel) throws IOException, XMLStreamException {
      XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
      factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
      factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
      factory.setProperty(XMLInputFactory.IS_COALESCING, true);
      BoundedStream in =
          new BoundedStream(
              Files.newInputStream(file),
              LONGEST_ROW,
              "an element is larger than %,d MB".formatted(LONGEST_ROW >> 20));
      try {
        return new Reading(in, factory.createXMLStreamReader(in), cancel);
      } catch (XMLStreamException e) {
        in.close();
        throw e;
      }
    }

    /**
     * Goes to the beginning of the next row.
     *
     * @param names is told of the elements on the way
     */
    boolean nextRow(String row, Set<String> names) throws XMLStreamException {
      while (xml.hasNext()) {
        cancel.throwIfRequested();
        in.restart();
        int event = xml.next();
        if (event == XMLStreamConstants.DTD) {
          throw new XMLStreamException("it has a document type", xml.getLocation());
        }
        if (event == XMLStreamConstants.START_ELEMENT) {
          if (xml.getLocalName().equals(row)) {
            return true;
          }
          names.add(xml.getLocalName());
          if (names.size() > MOST_NAMES) {
            throw new XMLStreamException(
                "there are more than %,d names of elements".formatted(MOST_NAMES),
                xml.getLocation());
          }
        }
      }
      return false;
    }

    @Override
    public void close() throws IOException {
      try {
        xml.close();
      } catch (XMLStreamException e) {
        // Nothing is read from it any more.
      } finally {
        in.close();
      }
    }
  }
}

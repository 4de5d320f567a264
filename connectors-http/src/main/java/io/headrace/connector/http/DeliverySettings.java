package io.headrace.connector.http;

import io.headrace.connector.TargetSettings;
import io.headrace.error.HeadraceException;
import io.headrace.identity.Hash;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedMap;

/**
 * How rows are delivered to a path of an API.
 *
 * @param uri where batches go
 * @param batch the most rows of a request
 * @param deletes what becomes of keys that are gone
 * @param version where the API keeps a note of what it holds, if it does
 * @param notes a file for what this side knows of it; its folder need not be there
 */
record DeliverySettings(
    URI uri,
    String method,
    boolean areLines,
    int batch,
    Deletes deletes,
    Optional<URI> version,
    Path notes) {

  /** What becomes of keys that are gone. */
  sealed interface Deletes {}

  /** Nothing can be done about them: that is an error. */
  record Refused() implements Deletes {}

  /** They come as rows that have the key and a flag. */
  record Flagged() implements Deletes {
    static final String FLAG = "_deleted";
  }

  /**
   * Each is a request of its own.
   *
   * @param template the address, with the names of the key's columns in braces
   */
  record Requested(String template) implements Deletes {}

  static DeliverySettings of(TargetSettings target, ConnectionSettings connection) {
    SortedMap<String, String> said = target.settings();
    String base = connection.url().toString();
    String uri = base + target.into();
    String file =
        connection.name().replaceAll("[^A-Za-z0-9_-]", "_")
            + "-"
            + Hash.of("api").add(connection.name()).add(uri).text().substring(0, 8)
            + ".json";
    return new DeliverySettings(
        uri(uri),
        said.getOrDefault("method", "POST"),
        said.getOrDefault("format", "json").equals("ndjson"),
        Integer.parseInt(said.getOrDefault("batch", "500")),
        Optional.ofNullable(said.get("deletes"))
            .map(text -> text.equals("flag") ? new Flagged() : new Requested(base + text))
            .orElseGet(Refused::new),
        Optional.ofNullable(said.get("version")).map(path -> uri(base + path)),
        target.memory().resolve(file));
  }

  static URI uri(String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      throw new HeadraceException(
          "Cannot use the path of an API: it has characters that have a meaning in addresses",
          "Write them as percent signs and digits");
    }
  }
}

package io.headrace.catalog.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.catalog.FileIdentities;
import io.headrace.catalog.FileIdentities.Entry;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What every {@link FileIdentities} must do. */
abstract class FileIdentitiesContract extends CatalogContract {

  @Test
  void entriesAreFoundByPathAndReplaced() {
    Entry old = new Entry("/data/x.csv", 10, 1_700_000_000_123_456_789L, "(dev=1,ino=2)", "h1");
    Entry other = new Entry("/data/y.csv", 0, -5, "", "h2");
    catalog.fileIdentities().record(List.of(old, other));
    Entry changed = new Entry(old.path(), 11, old.modifiedNanos() + 1, old.fileKey(), "h3");
    catalog.fileIdentities().record(List.of(changed));
    catalog.fileIdentities().record(List.of());

    assertThat(reopen().fileIdentities().findAll(List.of("/data/x.csv", "/z", "/data/y.csv")))
        .isEqualTo(Map.of("/data/x.csv", changed, "/data/y.csv", other));
    assertThat(catalog.fileIdentities().findAll(List.of())).isEmpty();
  }
}

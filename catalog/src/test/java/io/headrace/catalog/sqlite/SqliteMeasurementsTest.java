package io.headrace.catalog.sqlite;

import io.headrace.catalog.Catalog;
import java.nio.file.Path;

class SqliteMeasurementsTest extends MeasurementsContract {
  @Override
  protected Catalog open(Path folder) {
    return SqliteCatalog.open(folder.resolve("catalog.db"));
  }
}

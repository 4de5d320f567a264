package io.headrace.project;

import static java.util.Objects.requireNonNull;

import io.headrace.table.TableName;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * How old tables of {@code main} may be.
 *
 * @param tables a name, in which {@code *} stands for any characters
 */
public record Freshness(String tables, Duration limit) {
  public Freshness {
    requireNonNull(tables, "tables is null");
    requireNonNull(limit, "limit is null");
  }

  public boolean concerns(TableName table) {
    return Pattern.compile(Pattern.quote(tables).replace("*", "\\E.*\\Q"))
        .matcher(table.toString())
        .matches();
  }
}

package io.headrace.incremental;

import io.headrace.engine.Query.PathColumn;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The values that paths give to a column. */
final class PathValues {
  private final Pattern pattern;

  PathValues(PathColumn column) {
    this.pattern = Pattern.compile(column.pattern());
  }

  Optional<String> of(String path) {
    Matcher matcher = pattern.matcher(path);
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }
}

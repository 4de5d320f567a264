package io.headrace.project;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.engine.Query.PathColumn;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathPatternTest {
  @ParameterizedTest
  @CsvSource({
    "data/{month}.csv, data/*.csv, data/2001-01.csv, month=2001-01",
    "in/{country}/{day}.json, in/*/*.json, in/de/31.json, country=de day=31",
    "**/sales_{shop}-?.csv, **/sales_*-?.csv, /a/b/sales_x-1.csv, shop=x",
    "raw(1)/{x}.csv, raw(1)/*.csv, raw(1)/y.csv, x=y",
    "../in/{x}.csv, ../in/*.csv, /a/in/y.csv, x=y",
    "./{x}.csv, ./*.csv, y.csv, x=y",
    "d/[ab]{x}[!0-9].csv, d/[ab]*[!0-9].csv, d/ayz.csv, x=y",
    "data/*.csv, data/*.csv, data/a.csv, ''",
  })
  void namedPartsAreColumns(String text, String glob, String path, String values) {
    PathPattern pattern = PathPattern.parse(text);
    assertThat(pattern.glob()).isEqualTo(glob);
    StringBuilder found = new StringBuilder();
    for (PathColumn column : pattern.columns()) {
      Matcher matcher = Pattern.compile(column.pattern()).matcher(path);
      assertThat(matcher.find()).isTrue();
      found.append(found.isEmpty() ? "" : " ").append(column.name()).append('=');
      found.append(matcher.group(1));
    }
    assertThat(found).hasToString(values);
  }

  @Test
  void aNameBeforeAnyNumberOfFoldersIsNotClear() {
    assertThat(PathPattern.parse("**/{x}.csv").isClear()).isTrue();
    assertThat(PathPattern.parse("{x}/*/a.csv").isClear()).isTrue();
    assertThat(PathPattern.parse("{x}/**/a.csv").isClear()).isFalse();
  }

  @Test
  void anotherPathHasNoValue() {
    PathColumn month = PathPattern.parse("data/{month}.csv").columns().get(0);
    Pattern pattern = Pattern.compile(month.pattern());
    assertThat(pattern.matcher("data/a/b.csv").find()).isFalse();
    assertThat(pattern.matcher("data/a.csv.gz").find()).isFalse();
    assertThat(pattern.matcher("olddata/a.csv").find()).isFalse();
  }
}

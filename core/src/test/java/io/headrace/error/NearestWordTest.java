package io.headrace.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestWordTest {
  private static final List<String> WORDS = List.of("description", "checks", "tags", "timeout");

  @Test
  void findsTheWordThatWasMeant() {
    assertThat(NearestWord.find("desciption", WORDS)).contains("description");
    assertThat(NearestWord.find("cheks", WORDS)).contains("checks");
    assertThat(NearestWord.find("tasg", WORDS)).contains("tags");
    assertThat(NearestWord.find("TIMEOUT", WORDS)).contains("timeout");
  }

  @Test
  void offersNothingThatIsFarAway() {
    assertThat(NearestWord.find("partition_by", WORDS)).isEmpty();
    assertThat(NearestWord.find("x", WORDS)).isEmpty();
    assertThat(NearestWord.hint("x", WORDS, "otherwise")).isEqualTo("otherwise");
  }
}

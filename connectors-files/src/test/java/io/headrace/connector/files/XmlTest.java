package io.headrace.connector.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.engine.Query.DeclaredColumn;
import io.headrace.engine.Query.Format;
import io.headrace.error.HeadraceException;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class XmlTest extends Reading {
  private static final Map<String, String> ORDER = Map.of("row", "order");

  @Test
  void attributesAndChildrenAreColumns() throws IOException {
    write(
        "a.xml",
        """
        <?xml version="1.0"?>
        <shop><orders>
          <order id="1"><price> 12.50 </price><item>a</item><item>b</item><to city="Bonn">Ada</to></order>
          <order id="2"><note>x</note><gone/><item>c &amp; d</item></order>
        </orders></shop>
        """);
    assertThat(columns(scan(Format.XML, ORDER, "a.xml")))
        .isEqualTo(
            "id string, price string, item list<string>, to struct<city: string, text: string>, note string");
    assertThat(rows(scan(Format.XML, ORDER, "a.xml")))
        .isEqualTo("[1, 12.50, [a, b], {city=Bonn, text=Ada}, null]\n[2, null, [c & d], null, x]");
    assertThat(
            rows(
                with(
                    scan(Format.XML, ORDER, "a.xml"),
                    new DeclaredColumn("id", "BIGINT"),
                    new DeclaredColumn("price", "DECIMAL(9, 3)"))))
        .isEqualTo("[1, 12.500]\n[2, null]");
  }

  @Test
  void whichElementsAreRowsMustBeSaid() throws IOException {
    write("a.xml", "<shop><order id='1'/></shop>");
    assertThatThrownBy(() -> rows(scan(Format.XML, "a.xml")))
        .isInstanceOf(HeadraceException.class)
        .hasMessageContaining("Unclear which elements")
        .extracting(e -> ((HeadraceException) e).hint())
        .isEqualTo("Say `options: {row: NAME}`; there are: order, shop");
    assertThatThrownBy(() -> rows(scan(Format.XML, Map.of("row", "oder"), "a.xml")))
        .hasMessageContaining("There is no element 'oder'");
  }

  @Test
  void trapsAndDamageAreRefused() throws IOException {
    write(
        "bomb.xml",
        "<!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;'>]><shop><order>&b;</order></shop>");
    write("file.xml", "<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><order>&a;</order>");
    write("deep.xml", "<order>" + "<a>".repeat(100_000) + "</a>".repeat(100_000) + "</order>");
    write("cut.xml", "<shop><order id='1'/><order id='2'><pri");
    write("none.xml", "id,price\n1,2\n");
    for (String file : new String[] {"bomb.xml", "file.xml", "deep.xml", "cut.xml", "none.xml"}) {
      assertThatThrownBy(() -> rows(scan(Format.XML, ORDER, file)))
          .as(file)
          .isInstanceOf(HeadraceException.class)
          .hasMessageContaining(file)
          .extracting(e -> ((HeadraceException) e).hint())
          .asString()
          .isNotEmpty();
    }
  }
}

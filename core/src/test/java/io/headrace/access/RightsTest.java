package io.headrace.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.engine.Veil;
import io.headrace.error.ProjectException;
import io.headrace.table.TableName;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RightsTest {
  private static final TableName ORDERS = TableName.parse("marts.orders");
  private static final TableName RAW = TableName.parse("raw.orders");

  private static Rights rights(String yaml, String... who) {
    return AccessReader.read(yaml).rightsOf(Set.of(who));
  }

  @ParameterizedTest
  @CsvSource({
    "*, anything, true",
    "dev*, dev, true",
    "dev*, my-dev, false",
    "*dev, my-dev, true",
    "a*b*c, aXbYbZc, true",
    "a*b*c, aXbYbZ, false",
    "main, Main, false",
    "m.in, main, false",
    "**, x, true",
  })
  void patternsMatchWholeNames(String pattern, String name, boolean isMatch) {
    assertThat(new Names(List.of(pattern)).match(name)).isEqualTo(isMatch);
  }

  @ParameterizedTest
  @CsvSource({
    "*, ada, true",
    "*, token:ci, true",
    "*, group:staff, true",
    "*, oidc:ada, true",
    "a*, ada, true",
    "t*, tom, true",
    "t*, token:ci, false",
    "g*, group:staff, false",
    "o*, oidc:ada, false",
    "ada, oidc:ada, false",
    "ada, group:ada, false",
    "token:*, token:ci, true",
    "token:*, tokens, false",
    "token:a*, group:ada, false",
    "group:a*, group:ada, true",
    "group:*, group:token:ci, true",
    "token:*, group:token:ci, false",
    "oidc:*@example.com, oidc:ada@example.com, true",
  })
  void aPatternMatchesNamesOfItsOwnKind(String pattern, String name, boolean isMatch) {
    assertThat(new Who(List.of(pattern)).match(Set.of(name))).isEqualTo(isMatch);
    Rights rights = rights("grants: [{who: '%s', role: viewer}]".formatted(pattern), name);
    assertThat(rights.sees("shop")).isEqualTo(isMatch);
    String mask = "masks: [{table: marts.orders, column: email, except: '%s'}]".formatted(pattern);
    assertThat(rights(mask, name).veil("shop", "main", ORDERS).isEmpty()).isEqualTo(isMatch);
  }

  @Test
  void aTableThatAMaskNamesHasToHaveTheColumn() {
    String yaml = "masks: [{table: ['marts.*', marts.orders], column: Email}]";
    assertThat(rights(yaml, "ada").veil("shop", "main", ORDERS).needed()).containsExactly("email");
    TableName other = TableName.parse("marts.others");
    assertThat(rights(yaml, "ada").veil("shop", "main", other).needed()).isEmpty();
    assertThat(rights(yaml, "ada").veil("shop", "main", other).hides("email")).isTrue();
  }

  @Test
  void nobodyMayAnythingWithoutAGrant() {
    Rights none = rights("grants: [{who: ada, role: admin}]", "eve", "token:ada", "group:ada");
    assertThat(none.sees("shop")).isFalse();
    assertThat(none.sees("shop", "main")).isFalse();
    assertThat(none.may(Role.VIEWER)).isFalse();
    assertThat(AccessRules.NONE.rightsOf(Set.of("ada")).sees("shop")).isFalse();
  }

  @Test
  void aRoleMayWhatLesserOnesMay() {
    Rights operator = rights("grants: [{who: ada, role: operator}]", "ada");
    assertThat(operator.may(Role.VIEWER, "shop", "main")).isTrue();
    assertThat(operator.may(Role.EDITOR, "shop", "main")).isTrue();
    assertThat(operator.may(Role.ADMIN, "shop", "main")).isFalse();
  }

  @Test
  void protectedEnvironmentsAreForOperators() {
    Rights usual = rights("grants: []", "ada");
    assertThat(usual.changing("main")).isEqualTo(Role.OPERATOR);
    assertThat(usual.changing("dev")).isEqualTo(Role.EDITOR);
    Rights own = rights("{grants: [], protected: [prod*]}", "ada");
    assertThat(own.changing("main")).isEqualTo(Role.EDITOR);
    assertThat(own.changing("prod2")).isEqualTo(Role.OPERATOR);
  }

  @Test
  void halvesOfDifferentGrantsMakeNoWhole() {
    Rights halves =
        rights(
            """
            grants:
              - {who: ada, role: operator, schemas: [marts]}
              - {who: "group:all", role: viewer, schemas: [raw]}
            """,
            "ada",
            "group:all");
    assertThat(halves.sees("shop", "main", ORDERS)).isTrue();
    assertThat(halves.sees("shop", "main", RAW)).isTrue();
    assertThat(halves.seesAllTables("shop", "main")).isFalse();
    assertThat(halves.may(Role.OPERATOR, "shop", "main")).isFalse();
    assertThat(halves.may(Role.OPERATOR, "shop", "main", ORDERS)).isTrue();
    assertThat(halves.may(Role.OPERATOR, "shop", "main", RAW)).isFalse();
    assertThat(halves.sees("shop", "main", TableName.parse("orders"))).isFalse();
  }

  @Test
  void tablesWithoutASchemaHaveTheDefaultOne() {
    Rights rights = rights("grants: [{who: ada, role: viewer, schemas: default}]", "ada");
    assertThat(rights.sees("shop", "main", TableName.parse("orders"))).isTrue();
    assertThat(rights.sees("shop", "main", ORDERS)).isFalse();
  }

  @Test
  void filtersAndMasksAddUpButForThoseWhoAreExcepted() {
    String yaml =
        """
        grants: [{who: "*", role: viewer}, {who: root, role: admin}]
        filters:
          - {table: "marts.*", rows: a > 1}
          - {table: marts.orders, rows: b > 2, except: ["group:all"]}
        masks:
          - {table: marts.orders, column: Email}
          - {table: marts.orders, column: email, as: "'x'"}
        """;
    assertThat(rights(yaml, "ada").veil("shop", "main", ORDERS))
        .isEqualTo(
            new Veil(
                List.of("a > 1", "b > 2"),
                new TreeMap<>(Map.of("email", "NULL")),
                new TreeSet<>(Set.of("email"))));
    assertThat(rights(yaml, "ada", "group:all").veil("shop", "main", ORDERS).rows())
        .containsExactly("a > 1");
    assertThat(rights(yaml, "ada").veil("shop", "main", RAW)).isEqualTo(Veil.NONE);
    assertThat(rights(yaml, "root").veil("shop", "main", ORDERS)).isEqualTo(Veil.NONE);
    assertThat(rights(yaml, "ada").seesAllTables("shop", "main")).isTrue();
    assertThat(rights(yaml, "ada").seesAllRows("shop", "main")).isFalse();
    assertThat(rights(yaml, "root").seesAllRows("shop", "main")).isTrue();
  }

  @Test
  void theRowsThatAVeiledTableRejectsAreNotThere() {
    String yaml =
        """
        grants: [{who: "*", role: viewer}]
        filters: [{table: marts.orders, rows: a > 1, except: ada}]
        """;
    TableName rejected = TableName.parse("marts.orders__rejected");
    assertThat(rights(yaml, "eve").sees("shop", "main", rejected)).isFalse();
    assertThat(rights(yaml, "ada").sees("shop", "main", rejected)).isTrue();
    assertThat(rights(yaml, "eve").sees("shop", "main", TableName.parse("__rejected"))).isTrue();
  }

  @Test
  void whatIsWrongIsSaidWithItsPlace() {
    assertThatThrownBy(
            () -> AccessReader.read("grants:\n  - {who: ada, roll: viewer}\nmasks: [{table: a}]"))
        .isInstanceOf(ProjectException.class)
        .hasMessageContaining("access.yaml:2:5: Missing key 'role'")
        .hasMessageContaining("access.yaml:2:16: Unknown key 'roll'")
        .hasMessageContaining("access.yaml:3:9: Missing key 'column'");
    assertThatThrownBy(
            () ->
                AccessReader.read("oidc: {issuer: 'https://a', client: b, secret: canary-secret}"))
        .hasMessageContaining("'secret' may only be a reference")
        .hasMessageNotContaining("canary");
  }
}

package io.headrace.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which package of the core may use which: what each package-info says, held against the code. */
class PackagesTest {
  private static final JavaClasses CORE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.headrace");

  private static final Map<String, String> MAY_USE = new LinkedHashMap<>();

  static {
    MAY_USE.put("error", "");
    MAY_USE.put("table", "error");
    MAY_USE.put("sql", "error table");
    MAY_USE.put("yaml", "error");
    MAY_USE.put("engine", "error table sql");
    MAY_USE.put("catalog", "error table");
    MAY_USE.put("connector", "error table sql engine");
    MAY_USE.put("connector.staging", "connector engine error sql table");
    MAY_USE.put("identity", "error catalog");
    MAY_USE.put("anomaly", "");
    MAY_USE.put("check", "anomaly catalog error table sql engine yaml");
    MAY_USE.put("bytes", "");
    MAY_USE.put("conversion", "bytes connector connector.staging error table sql engine");
    MAY_USE.put("schedule", "error");
    MAY_USE.put("project", "error table sql engine connector schedule yaml check");
    MAY_USE.put("access", "connector engine error project table yaml");
    MAY_USE.put("graph", "connector error table sql engine check project identity");
    MAY_USE.put("fanout", "error table sql engine project graph");
    MAY_USE.put(
        "fingerprint", "connector error table sql engine catalog identity check project graph");
    MAY_USE.put(
        "workspace",
        "bytes conversion connector error table sql engine catalog identity check project graph fingerprint");
    MAY_USE.put(
        "plan",
        "connector error fanout table sql engine catalog identity check project graph fingerprint workspace");
    MAY_USE.put("trigger", "error table catalog identity project schedule workspace");
    MAY_USE.put("rewrite", "error table sql engine catalog workspace");
    MAY_USE.put(
        "incremental",
        "connector error table sql engine catalog identity check project graph fingerprint");
    MAY_USE.put(
        "run",
        "connector error fanout table sql engine catalog identity check project graph fingerprint workspace plan"
            + " incremental rewrite");
    MAY_USE.put("publish", "error table catalog");
    MAY_USE.put("query", "error table sql engine catalog workspace");
    MAY_USE.put(
        "export", "bytes connector error table sql engine catalog identity project workspace");
    MAY_USE.put("diff", "error table sql engine catalog workspace plan");
    MAY_USE.put("lineage", "error fanout table engine project graph plan workspace");
    MAY_USE.put(
        "erase", "bytes error table sql engine catalog identity fingerprint run workspace rewrite");
    MAY_USE.put("maintain", "bytes error table engine catalog run workspace rewrite");
    MAY_USE.put(
        "verify",
        "connector error fanout table sql engine catalog identity project graph fingerprint plan diff workspace");
    MAY_USE.put("unittest", "error fanout table sql engine project graph plan workspace");
  }

  @Test
  void eachPackageUsesOnlyWhatItMay() {
    MAY_USE.forEach(
        (name, others) -> {
          String[] allowed =
              Stream.concat(
                      Stream.of(
                          "java..",
                          "com.dynatrace..",
                          "org.snakeyaml..",
                          "com.cronutils..",
                          "org.jspecify.."),
                      Stream.concat(Stream.of(name), Arrays.stream(others.split(" ")))
                          .filter(part -> !part.isEmpty())
                          .map(part -> "io.headrace." + part + ".."))
                  .toArray(String[]::new);
          classes()
              .that()
              .resideInAPackage("io.headrace." + name + "..")
              .should()
              .onlyDependOnClassesThat()
              .resideInAnyPackage(allowed)
              .check(CORE);
        });
  }

  @Test
  void everyPackageHasItsRule() {
    assertThat(CORE.stream().map(c -> c.getPackageName()).distinct())
        .allMatch(
            name ->
                name.equals("io.headrace")
                    || MAY_USE.containsKey(name.substring("io.headrace.".length())));
  }

  @Test
  void noTwoPackagesUseEachOther() {
    slices().matching("io.headrace.(*)..").should().beFreeOfCycles().check(CORE);
  }

  @Test
  void librariesStayInTheirPackages() {
    com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses()
        .that()
        .resideOutsideOfPackages(
            "io.headrace.yaml..", "io.headrace.identity..", "io.headrace.schedule..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.snakeyaml..", "com.dynatrace..", "com.cronutils..")
        .check(CORE);
  }
}

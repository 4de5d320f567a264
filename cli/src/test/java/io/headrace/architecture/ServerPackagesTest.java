package io.headrace.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Which package of the server may use which other: what each package-info says. */
class ServerPackagesTest {
  private static final String SERVER = "io.headrace.server";
  private static final JavaClasses ALL =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(SERVER);

  /** What is generated of the templates of pages. */
  private static final String GENERATED = "templates";

  private static final Map<String, String> MAY_USE = new TreeMap<>();

  static {
    MAY_USE.put("json", "");
    MAY_USE.put("text", "");
    MAY_USE.put("topic", "json runs");
    MAY_USE.put("runs", "");
    MAY_USE.put("revision", "runs");
    MAY_USE.put("command", "route runs");
    MAY_USE.put("schedule", "runs");
    MAY_USE.put("route", "runs");
    MAY_USE.put("access", "json route runs");
    MAY_USE.put("alert", "access json runs schedule text");
    MAY_USE.put("monitor", "access alert json route runs schedule");
    MAY_USE.put("iceberg", "access json route runs");
    MAY_USE.put("api", "access command json route runs topic");
    MAY_USE.put("ui", "access api json route runs text");
  }

  private static String packageOf(JavaClass one) {
    String name = one.getPackageName();
    return name.equals(SERVER) ? "" : name.substring(SERVER.length() + 1).replaceFirst("\\..*", "");
  }

  @Test
  void eachPackageUsesOnlyWhatItMay() {
    MAY_USE.forEach(
        (name, others) -> {
          Set<String> refused = new TreeSet<>(MAY_USE.keySet());
          refused.remove(name);
          refused.removeAll(Arrays.asList(others.split(" ")));
          noClasses()
              .that()
              .resideInAPackage(SERVER + "." + name + "..")
              .should()
              .dependOnClassesThat()
              .resideInAnyPackage(
                  refused.stream().map(p -> SERVER + "." + p + "..").toArray(String[]::new))
              .orShould()
              .dependOnClassesThat()
              .resideInAnyPackage(SERVER)
              .check(ALL);
        });
  }

  @Test
  void everyPackageHasItsRule() {
    assertThat(ALL.stream().map(ServerPackagesTest::packageOf).distinct())
        .allMatch(name -> name.isEmpty() || name.equals(GENERATED) || MAY_USE.containsKey(name));
  }
}

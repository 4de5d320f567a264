package io.headrace.server.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.access.AccessRules;
import io.headrace.error.HeadraceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessFileTest {
  @TempDir Path folder;

  private final List<HeadraceException> told = new ArrayList<>();

  private void say(String rules, String permissions) throws IOException {
    Path file = Files.writeString(folder.resolve("access.yaml"), rules);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
  }

  @Test
  void rulesThatOthersCanWriteAreNotTaken() throws Exception {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    say("grants: [{who: ada, role: viewer}]", "rw-rw-r--");
    assertThatThrownBy(() -> AccessFile.open(folder, told::add))
        .isInstanceOf(HeadraceException.class)
        .hasMessageContaining("access.yaml': others can write to it");
    say("grants: [{who: ada, role: viewer}]", "rw-r--r--");
    AccessFile file = AccessFile.open(folder, told::add);
    AccessRules rules = file.rules();
    assertThat(rules.grants()).hasSize(1);
    say("grants: [{who: eve, role: admin}, {who: ada, role: viewer}]", "rw-r--rw-");
    while (told.isEmpty()) {
      assertThat(file.rules()).isEqualTo(rules);
      Thread.sleep(20);
    }
    assertThat(file.problem()).isPresent();
    assertThat(file.rules()).isEqualTo(rules);
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    while (file.problem().isPresent()) {
      Thread.sleep(20);
    }
    assertThat(file.rules().grants()).hasSize(2);
    assertThat(told).hasSize(1);
  }

  @Test
  void nobodyIsLetInByAFileThatIsNotThere() {
    assertThat(AccessFile.open(folder, told::add).rules()).isEqualTo(AccessRules.NONE);
  }
}

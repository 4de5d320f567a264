package io.headrace.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.error.HeadraceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PermissionsTest {
  @TempDir Path temporary;

  private static void set(Path path, String permissions) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
  }

  @ParameterizedTest
  @CsvSource({
    "rwxr-xr-x, rw-r--r--, true",
    "rwxr-xr-x, rw-rw-r--, false",
    "rwxr-xr-x, rw-r--rw-, false",
    "rwxr-x---, rw-r--rw-, true",
    "rwx------, rw-rw-rw-, true",
    "rwxrwx---, rw-r--r--, false",
    "rwxr-xrwx, rw-r--r--, false",
  })
  void whatOthersCanChangeIsRefused(String ofFolder, String ofFile, boolean isGood)
      throws IOException {
    Path folder = Files.createDirectory(temporary.resolve("access"));
    Path file = Files.writeString(folder.resolve("access.yaml"), "");
    Path link = Files.createSymbolicLink(temporary.resolve("link.yaml"), file);
    set(file, ofFile);
    set(folder, ofFolder);
    if (isGood) {
      Permissions.requireUnchangeable(file);
      Permissions.requireUnchangeable(link);
    } else {
      for (Path path : new Path[] {file, link}) {
        assertThatThrownBy(() -> Permissions.requireUnchangeable(path))
            .isInstanceOf(HeadraceException.class)
            .hasMessageContaining("others can write to it")
            .satisfies(e -> assertThat(((HeadraceException) e).hint()).contains("chmod go-w"));
      }
    }
  }

  @Test
  void whatIsThereForItsOwnerOnlyIsNotRead() throws IOException {
    Path file = Files.writeString(temporary.resolve("access.db"), "");
    set(file, "rw-------");
    Permissions.requireOwn(file);
    set(file, "rw----r--");
    assertThatThrownBy(() -> Permissions.requireOwn(file)).hasMessageContaining("can read it");
  }
}

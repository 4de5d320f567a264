package io.headrace.access;

import io.headrace.error.HeadraceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/**
 * Refuses files that others on this machine could read or write who are not their owner. Where a
 * file system knows no such permissions, nothing is refused.
 */
public final class Permissions {
  private static final Set<PosixFilePermission> OF_OTHERS =
      PosixFilePermissions.fromString("---rwxrwx");
  private static final Set<PosixFilePermission> WRITING =
      PosixFilePermissions.fromString("----w--w-");

  private Permissions() {}

  /**
   * Returns if nobody else can do anything with a file.
   *
   * @throws HeadraceException if somebody can
   */
  public static void requireOwn(Path file) throws IOException {
    require(file, OF_OTHERS, "read", "go=");
  }

  /**
   * Returns if nobody else can make, remove or replace files in a folder.
   *
   * @throws HeadraceException if somebody can
   */
  public static void requireOwnFolder(Path folder) throws IOException {
    require(folder, WRITING, "write to", "go-w");
  }

  /**
   * Returns if nobody else can change or replace a file, or what it is a link to. Who cannot enter
   * its folder cannot change it, whatever the file itself says.
   *
   * @throws HeadraceException if somebody can
   */
  public static void requireUnchangeable(Path file) throws IOException {
    Path real = file.toRealPath();
    Path folder = real.getParent();
    Set<PosixFilePermission> refused = EnumSet.noneOf(PosixFilePermission.class);
    if (folder != null) {
      requireOwnFolder(folder);
      Set<PosixFilePermission> entering = permissions(folder);
      if (entering.contains(PosixFilePermission.GROUP_EXECUTE)) {
        refused.add(PosixFilePermission.GROUP_WRITE);
      }
      if (entering.contains(PosixFilePermission.OTHERS_EXECUTE)) {
        refused.add(PosixFilePermission.OTHERS_WRITE);
      }
    }
    require(real, refused, "write to", "go-w");
  }

  private static void require(
      Path path, Set<PosixFilePermission> refused, String what, String change) throws IOException {
    if (permissions(path).stream().anyMatch(refused::contains)) {
      throw new HeadraceException(
          "Cannot open '%s': others can %s it".formatted(path, what),
          "Say `chmod %s %s`".formatted(change, path));
    }
  }

  private static Set<PosixFilePermission> permissions(Path path) throws IOException {
    PosixFileAttributeView view = Files.getFileAttributeView(path, PosixFileAttributeView.class);
    return view == null ? Set.of() : view.readAttributes().permissions();
  }
}

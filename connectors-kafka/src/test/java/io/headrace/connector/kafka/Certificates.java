package io.headrace.connector.kafka;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Makes keys and certificates with the tool of the JDK, each signed by itself. */
record Certificates(Path folder, String password) {
  /**
   * Makes a key and its certificate, in {@code NAME.p12} and {@code NAME.pem}.
   *
   * @param host which the certificate is for, such as {@code ip:127.0.0.1}
   */
  void make(String name, String host) throws IOException, InterruptedException {
    keytool(
        name,
        "-genkeypair",
        "-keyalg",
        "EC",
        "-dname",
        "CN=" + name,
        "-validity",
        "2",
        "-ext",
        "san=" + host);
    keytool(name, "-exportcert", "-rfc", "-file", folder.resolve(name + ".pem").toString());
  }

  /** The key store of a name. */
  String keys(String name) {
    return folder.resolve(name + ".p12").toString();
  }

  /** The certificate of a name as PEM. */
  String certificate(String name) {
    return folder.resolve(name + ".pem").toString();
  }

  private void keytool(String name, String... what) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(Arrays.asList(what));
    command.addAll(List.of("-alias", name, "-keystore", keys(name), "-storetype", "PKCS12"));
    command.addAll(List.of("-storepass", password));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(output);
    }
  }
}

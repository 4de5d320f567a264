package io.headrace.server;

import io.headrace.error.HeadraceException;
import io.headrace.identity.FileStamp;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * What a server shows to clients over TLS: a chain of certificates and the key of the first, as PEM
 * in two files. Safe for many threads.
 */
public record Certificate(Path chain, Path key) {
  private static final List<String> ALGORITHMS = List.of("RSA", "EC", "Ed25519");
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
  private static final String ALIAS = "server";

  /** Changes when one of the files does. */
  String stamp() {
    return FileStamp.of(chain) + " " + FileStamp.of(key);
  }

  /** Has connections from now on use what the files hold now. */
  void giveTo(SslContextFactory factory) {
    // The store is in memory only: its password keeps nothing from anybody.
    String password = "in memory";
    factory.setKeyStore(store(password));
    factory.setKeyStorePassword(password);
    factory.setIncludeProtocols("TLSv1.3", "TLSv1.2");
  }

  private KeyStore store(String password) {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      var certificates =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(chain)));
      if (certificates.isEmpty()) {
        throw new GeneralSecurityException("there is no certificate in it");
      }
      PrivateKey own = privateKey();
      requirePair(certificates.iterator().next().getPublicKey(), own);
      store.setKeyEntry(
          ALIAS,
          own,
          password.toCharArray(),
          certificates.toArray(new java.security.cert.Certificate[0]));
      return store;
    } catch (IOException | GeneralSecurityException e) {
      throw new HeadraceException(
          "Cannot use certificate '%s' with key '%s': %s".formatted(chain, key, e.getMessage()),
          "Give a chain of certificates and its key as PEM",
          e);
    }
  }

  /** Or no client could connect: with two files, one can be changed without the other. */
  private static void requirePair(PublicKey shown, PrivateKey own) throws GeneralSecurityException {
    String kind = own.getAlgorithm();
    Signature signature =
        Signature.getInstance(
            kind.equals("RSA") || kind.equals("EC")
                ? "SHA256with" + (kind.equals("EC") ? "ECDSA" : kind)
                : "Ed25519");
    byte[] text = ALIAS.getBytes(StandardCharsets.US_ASCII);
    signature.initSign(own);
    signature.update(text);
    byte[] signed = signature.sign();
    try {
      signature.initVerify(shown);
      signature.update(text);
      if (signature.verify(signed)) {
        return;
      }
    } catch (InvalidKeyException | SignatureException e) {
      // It is of another kind.
    }
    throw new GeneralSecurityException("the key is not that of the first certificate");
  }

  private PrivateKey privateKey() throws IOException, GeneralSecurityException {
    Matcher matcher = KEY.matcher(Files.readString(key, StandardCharsets.US_ASCII));
    if (!matcher.find()) {
      throw new HeadraceException(
          "Cannot read key '%s': there is no 'BEGIN PRIVATE KEY' in it".formatted(key),
          "Say `openssl pkcs8 -topk8 -nocrypt -in %s` to make one of it".formatted(key));
    }
    PKCS8EncodedKeySpec bytes =
        new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(matcher.group(1)));
    for (String algorithm : ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(bytes);
      } catch (InvalidKeySpecException e) {
        // It is of another kind.
      }
    }
    throw new GeneralSecurityException("the key is of no kind that is known");
  }
}

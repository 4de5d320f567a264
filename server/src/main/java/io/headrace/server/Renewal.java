package io.headrace.server;

import io.headrace.error.HeadraceException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * Takes a certificate over when its files change. One that is wrong is not taken, and told once;
 * connections go on with the one before. Begins and ends with the connector that it belongs to.
 */
final class Renewal extends AbstractLifeCycle {
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread made = new Thread(task, "headrace-certificate");
            made.setDaemon(true);
            return made;
          });
  private final Certificate certificate;
  private final SslContextFactory.Server factory;
  private final Consumer<HeadraceException> told;

  /** Of the files that were dealt with. */
  private String stamp;

  /** Of the files at the last look. */
  private String seen;

  /**
   * @param told hears of files that are of no use
   */
  Renewal(
      Certificate certificate, SslContextFactory.Server factory, Consumer<HeadraceException> told) {
    this.certificate = certificate;
    this.factory = factory;
    this.told = told;
    this.stamp = certificate.stamp();
    this.seen = stamp;
  }

  @Override
  protected void doStart() {
    var unused =
        thread.scheduleWithFixedDelay(
            this::look, LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Looks at the files now. */
  synchronized void look() {
    String now = certificate.stamp();
    if (now.equals(stamp)) {
      return;
    }
    // While somebody writes two files, they do not fit each other: what is wrong is said of files
    // that were the same at two looks.
    boolean isSteady = now.equals(seen);
    seen = now;
    KeyStore before = factory.getKeyStore();
    try {
      factory.reload(certificate::giveTo);
      stamp = now;
    } catch (HeadraceException e) {
      refuse(e, now, isSteady);
    } catch (Exception e) {
      restore(before);
      refuse(e, now, isSteady);
    }
  }

  private void refuse(Exception e, String now, boolean isSteady) {
    if (isSteady) {
      stamp = now;
      told.accept(
          new HeadraceException(
              "The new certificate is of no use: " + e.getMessage(),
              "Connections go on with the one before, until its files are right",
              e));
    }
  }

  private void restore(KeyStore before) {
    try {
      factory.reload(old -> old.setKeyStore(before));
    } catch (Exception e) {
      // It was of use before; the next look tries again.
    }
  }

  @Override
  protected void doStop() {
    thread.shutdownNow();
  }
}

package io.headrace.server;

import io.headrace.error.HeadraceException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * Takes a certificate over when its files change; one that is wrong is not taken. Begins and ends
 * with the connector that it belongs to.
 */
final class Renewal extends AbstractLifeCycle {
  private static final Duration LOOK = Duration.ofSeconds(2);

  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread made = new Thread(task, "headrace-certificate");
            made.setDaemon(true);
            return made;
          });
  private final Certificate certificate;
  private final SslContextFactory.Server factory;
  private String stamp;

  Renewal(Certificate certificate, SslContextFactory.Server factory) {
    this.certificate = certificate;
    this.factory = factory;
    this.stamp = certificate.stamp();
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
    try {
      factory.reload(certificate::giveTo);
      stamp = now;
    } catch (HeadraceException e) {
      // One of the files is written just now, or is wrong: connections go on with the old ones.
    } catch (Exception e) {
      throw new IllegalStateException("Cannot take a certificate over", e);
    }
  }

  @Override
  protected void doStop() {
    thread.shutdownNow();
  }
}

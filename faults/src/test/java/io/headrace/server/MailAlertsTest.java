package io.headrace.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.headrace.faults.TestProject;
import jakarta.mail.internet.MimeMessage;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Alerts that are mail, taken by a real mail server. */
class MailAlertsTest {
  private static final String BROKEN = "SELECT CAST(error('no luck ä') AS INTEGER) AS n";

  @TempDir Path folder;

  private final MovableClock clock = new MovableClock();
  private final TestAlerts alerts = new TestAlerts();
  private final GreenMail mail =
      new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));

  @BeforeEach
  void listen() {
    mail.start();
  }

  @AfterEach
  void stop() {
    mail.stop();
  }

  private TestProject project(String server, String login) {
    return new TestProject(folder.resolve("shop"))
        .table("broken", BROKEN)
        .write("password.txt", "s3cret\n")
        .write(
            "headrace.yaml",
            """
            name: shop
            schedules: {often: {every: 1s}}
            alerts:
              ops:
                email:
                  to: [ada@example.com, bob@example.com]
                  from: headrace@example.com
                  server: %s
                  %s
            """
                .formatted(server, login));
  }

  private String address() {
    return "smtp://127.0.0.1:" + mail.getSmtp().getPort();
  }

  /** Serves until a tick has failed and people were told, or could not be. */
  private void fail(TestProject project) {
    try (Serving serving = Serving.start(project, clock, alerts::of)) {
      Serving.await(() -> mail.getReceivedMessages().length == 2 || !alerts.failures().isEmpty());
    } finally {
      alerts.close();
    }
  }

  @Test
  void eachPersonGetsOne() throws Exception {
    fail(project(address(), ""));
    assertThat(alerts.failures()).isEmpty();
    for (MimeMessage message : mail.getReceivedMessages()) {
      assertThat(message.getSubject()).isEqualTo("[shop] schedule often failed");
      assertThat(message.getFrom()[0]).hasToString("headrace@example.com");
      assertThat(message.getAllRecipients())
          .extracting(Object::toString)
          .containsExactly("ada@example.com", "bob@example.com");
      assertThat(message.getHeader("Auto-Submitted")).containsExactly("auto-generated");
      assertThat(text(message)).contains("no luck ä", "run r");
    }
  }

  private static String text(MimeMessage message) throws Exception {
    return String.valueOf(message.getContent());
  }

  @Test
  void whoSendsProvesIt() {
    mail.setUser("headrace@example.com", "headrace", "s3cret");
    fail(project(address(), "user: headrace\n      password: {file: password.txt}"));
    assertThat(alerts.failures()).isEmpty();
    assertThat(mail.getReceivedMessages()).hasSize(2);
  }

  @Test
  void aWrongPasswordIsSaidAndNotRepeated() {
    mail.setUser("headrace@example.com", "headrace", "another");
    fail(project(address(), "user: headrace\n      password: {file: password.txt}"));
    assertThat(alerts.failures().get(0))
        .contains("Cannot send an alert to 'ops'", "does not take the user and password")
        .doesNotContain("s3cret");
  }

  @Test
  void whereNobodyListensIsSaid() {
    fail(project("smtp://127.0.0.1:1", ""));
    assertThat(alerts.failures().get(0))
        .contains("Cannot send an alert to 'ops'")
        .doesNotContain("\n");
  }

  /** The address is one of this machine, which does not look like one. */
  @Test
  void anotherMachineIsNotSentReadableMail() {
    GreenMail far = new GreenMail(new ServerSetup(0, "127.0.0.2", ServerSetup.PROTOCOL_SMTP));
    far.start();
    try {
      fail(project("smtp://127.0.0.2:" + far.getSmtp().getPort(), ""));
      assertThat(alerts.failures().get(0)).contains("STARTTLS is required");
      assertThat(far.getReceivedMessages()).isEmpty();
    } finally {
      far.stop();
    }
  }
}

package io.headrace.server.alert;

import io.headrace.connector.Secrets;
import io.headrace.project.AlertChannel.Mail;
import io.headrace.server.access.Doorway;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Date;
import java.util.Properties;

/**
 * Sends mail. To another machine it goes encrypted, or not at all, and only to one that proves its
 * name.
 */
final class MailDelivery {
  private static final String TIMEOUT_MILLIS = "10000";
  private static final String ENCRYPTED = "smtps";

  private final Secrets secrets;

  MailDelivery(Secrets secrets) {
    this.secrets = secrets;
  }

  void send(Mail mail, Alert alert) throws IOException, Sender.Refused {
    Session session = Session.getInstance(properties(mail.server()));
    try (Transport transport = session.getTransport(mail.server().getScheme())) {
      MimeMessage message = message(session, mail, alert);
      if (mail.user().isPresent() && mail.password().isPresent()) {
        transport.connect(mail.user().get(), secrets.value(mail.password().get()));
      } else {
        transport.connect();
      }
      transport.sendMessage(message, message.getAllRecipients());
    } catch (AuthenticationFailedException e) {
      throw new Sender.Refused("the mail server does not take the user and password");
    } catch (SendFailedException e) {
      throw new Sender.Refused(words(e));
    } catch (MessagingException e) {
      throw new IOException(words(e), e);
    }
  }

  private static Properties properties(URI server) {
    String protocol = "mail." + server.getScheme() + ".";
    boolean isNear = Doorway.OWN.contains(String.valueOf(server.getHost()));
    Properties properties = new Properties();
    properties.put(protocol + "host", String.valueOf(server.getHost()));
    if (server.getPort() > 0) {
      properties.put(protocol + "port", String.valueOf(server.getPort()));
    }
    properties.put(protocol + "connectiontimeout", TIMEOUT_MILLIS);
    properties.put(protocol + "timeout", TIMEOUT_MILLIS);
    properties.put(protocol + "writetimeout", TIMEOUT_MILLIS);
    properties.put(protocol + "ssl.checkserveridentity", "true");
    if (!server.getScheme().equals(ENCRYPTED)) {
      properties.put(protocol + "starttls.enable", "true");
      properties.put(protocol + "starttls.required", String.valueOf(!isNear));
    }
    return properties;
  }

  private static MimeMessage message(Session session, Mail mail, Alert alert)
      throws MessagingException {
    MimeMessage message = new MimeMessage(session);
    message.setFrom(new InternetAddress(mail.from()));
    for (String to : mail.to()) {
      message.addRecipient(Message.RecipientType.TO, new InternetAddress(to));
    }
    String utf8 = StandardCharsets.UTF_8.name();
    message.setSubject(
        "[%s] %s %s".formatted(alert.project(), alert.subject(), alert.word()), utf8);
    message.setText(body(alert), utf8);
    message.setSentDate(Date.from(alert.at()));
    // Nobody who is away shall answer it.
    message.setHeader("Auto-Submitted", "auto-generated");
    return message;
  }

  private static String body(Alert alert) {
    return "%s\n\nat %s%s\n"
        .formatted(alert.text(), alert.at(), alert.run().map(run -> ", run " + run).orElse(""));
  }

  /** In a line: mail servers answer in several. */
  private static String words(MessagingException e) {
    String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return message.strip().replaceAll("\\s+", " ");
  }
}

package dev.orderflow.notification;

import org.apache.camel.CamelContext;
import org.apache.camel.component.mail.JavaMailSender;
import org.apache.camel.component.mail.MailConfiguration;

/**
 * Gives each mail endpoint a sender that keeps its connections open. For {@code camel.component.smtp.configuration} and
 * {@code camel.component.smtps.configuration}.
 */
public final class MailConnections extends MailConfiguration {

    @Override
    protected JavaMailSender createJavaMailSender(CamelContext context) {
        var sender = new KeptConnections(
                number(context, "notification.connections"), number(context, "notification.mailsPerSecond"));
        // Camel 4.17 of Camel K configures a sender here, and 4.22 behind this: it fills what is not set yet.
        JavaMailSender like = super.createJavaMailSender(context);
        if (like.getHost() != null) {
            sender.setHost(like.getHost());
            sender.setPort(like.getPort());
            sender.setProtocol(like.getProtocol());
            sender.setUsername(like.getUsername());
            sender.setPassword(like.getPassword());
            sender.setAuthenticator(like.getAuthenticator());
            sender.setJavaMailProperties(like.getJavaMailProperties());
            sender.setSession(like.getSession());
        }
        return sender;
    }

    private static int number(CamelContext context, String setting) {
        return Integer.parseInt(context.resolvePropertyPlaceholders("{{" + setting + "}}"));
    }
}

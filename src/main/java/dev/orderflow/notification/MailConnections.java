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
        return new KeptConnections(
                number(context, "notification.connections"), number(context, "notification.mailsPerSecond"));
    }

    private static int number(CamelContext context, String setting) {
        return Integer.parseInt(context.resolvePropertyPlaceholders("{{" + setting + "}}"));
    }
}

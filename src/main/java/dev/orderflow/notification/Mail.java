package dev.orderflow.notification;

import dev.orderflow.events.Event;
import jakarta.mail.internet.MimeMessage;
import java.util.Optional;

/**
 * The mail of one event, as the route wrote it.
 *
 * @param message null where no mail can go to the recipient
 * @param unreachable why it cannot
 */
public record Mail(Event event, MimeMessage message, Optional<String> unreachable) {

    static Mail of(Event event, MimeMessage message) {
        return new Mail(event, message, Optional.empty());
    }

    static Mail unreachable(Event event, String why) {
        return new Mail(event, null, Optional.of(why));
    }
}

package dev.orderflow.notification;

import jakarta.mail.MessagingException;

/** No mail can go to an address. The message says why, without the address. */
public final class UnreachableRecipientException extends MessagingException {

    private static final long serialVersionUID = 1L;

    public UnreachableRecipientException(String why) {
        super(why);
    }
}

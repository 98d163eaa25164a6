package dev.orderflow.monitoring;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.AuthenticationException;

/**
 * Asks the brokers with one client, and makes a new one after they did not let it in: Kafka's own answers each later
 * question with that same failure until its metadata is old. Safe for use by several threads.
 */
final class RenewedAdmin implements AutoCloseable {

    interface Question<T> {
        T to(Admin admin) throws ExecutionException, InterruptedException;
    }

    private final Supplier<Admin> clients;
    private Admin admin;

    RenewedAdmin(Supplier<Admin> clients) {
        this.clients = clients;
        this.admin = clients.get();
    }

    <T> T ask(Question<T> question) throws ExecutionException, InterruptedException {
        Admin asked = current();
        try {
            return question.to(asked);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AuthenticationException) {
                renew(asked);
            }
            throw e;
        }
    }

    private synchronized Admin current() {
        return admin;
    }

    private synchronized void renew(Admin refused) {
        // Another thread's question may have met the same.
        if (admin == refused) {
            admin = clients.get();
            refused.close(Duration.ZERO);
        }
    }

    @Override
    public synchronized void close() {
        admin.close(Duration.ZERO);
    }
}

package dev.orderflow.bench;

import dev.orderflow.bench.FlowSide.Shape;
import dev.orderflow.bench.ReceivedMails.Count;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Holds the effects of one side against the orders that it was given: none lost, none twice. */
final class FlowAccount {

    private final Ground ground;
    private final Shape shape;
    private final String side;
    private final Optional<ReceivedMails> sink;
    private final Path mailFolder;
    private Count received = Count.NONE;

    /**
     * @param sink empty where mails are files
     * @param mailFolder of those files
     */
    FlowAccount(Ground ground, Shape shape, String side, Optional<ReceivedMails> sink, Path mailFolder) {
        this.ground = ground;
        this.shape = shape;
        this.side = side;
        this.sink = sink;
        this.mailFolder = mailFolder;
    }

    /** Counts what the mail server got since the last call, and gives the time of each Message-ID. */
    Map<String, Long> taken() {
        if (sink.isEmpty()) {
            return Map.of();
        }
        var taken = sink.get().take();
        received = received.plus(taken.count());
        return taken.timesUs();
    }

    /** Whether so many orders are completed, and their mails taken. */
    boolean isThrough(long orders) throws SQLException {
        return (sink.isEmpty() || received.mails() + sink.get().count().mails() >= orders) && completed() >= orders;
    }

    /** How many of these effects are too many or too few, and dead letters. */
    long wrong(long orders) throws Exception {
        var wrong = new LinkedHashMap<String, Long>();
        for (String service : FlowProgress.SERVICES) {
            long wanted = service.equals(FlowProgress.STATUS) ? orders * (1 + FlowProgress.EVENTS) : orders;
            wrong.put(
                    "receipts of " + service,
                    number("delivery.receipts WHERE NOT parked AND service = '" + service + "'") - wanted);
        }
        var mails = mails();
        wrong.put("completed orders", completed() - orders);
        wrong.put("noted mails", number("notification.mail") - orders);
        wrong.put("mails", mails.mails() - orders);
        wrong.put("mails of a Message-ID", mails.distinct() - orders);
        if (!side.equals("raw")) {
            wrong.put("dead letters", ground.records(shape.topic(side) + "-dlt"));
        }
        wrong.values().removeIf(number -> number == 0);
        if (!wrong.isEmpty()) {
            System.err.printf(
                    "bench: %s: %s: of %,d orders too many or too few: %s%n", shape.name(), side, orders, wrong);
        }
        return wrong.values().stream().mapToLong(Math::abs).sum();
    }

    /** All mails so far. */
    Count mails() throws IOException {
        if (sink.isPresent()) {
            return received;
        }
        long count = 0;
        long bytes = 0;
        try (var files = Files.list(mailFolder)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                count++;
                bytes += Files.size(file);
            }
        }
        return new Count(count, count, bytes);
    }

    private long completed() throws SQLException {
        return number("status.orders WHERE status = 'completed'");
    }

    private long number(String from) throws SQLException {
        return ground.number(shape.database(side), "SELECT count(*) FROM " + from);
    }
}

package dev.orderflow.routes;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What reached the database and the broker, in the order in which it did. */
final class Journal {

    private final List<Object> entries = new CopyOnWriteArrayList<>();

    void write(Object entry) {
        entries.add(entry);
    }

    <T> List<T> all(Class<T> type) {
        return entries.stream().filter(type::isInstance).map(type::cast).toList();
    }

    List<Object> all() {
        return entries;
    }

    void clear() {
        entries.clear();
    }
}

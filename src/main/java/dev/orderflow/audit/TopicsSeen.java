package dev.orderflow.audit;

import dev.orderflow.kafka.UnreadableOffsets;
import java.util.ArrayList;
import java.util.List;

/** What an audit met in the topics besides orders and events. For one thread. */
final class TopicsSeen {

    static final int PLACES_MAX = 20;

    final List<UnreadableOffsets> unread = new ArrayList<>();
    final List<String> ignoredPlaces = new ArrayList<>();
    long ignored;

    /** Some records are read twice, such as the oldest that are left of a topic: they are told once. */
    void unread(UnreadableOffsets found) {
        if (unread.stream().noneMatch(one -> one.holds(found))) {
            unread.add(found);
        }
    }

    /** A record that nobody of ours understands, and that no service takes for its own. */
    void ignored(String place) {
        ignored++;
        if (ignoredPlaces.size() < PLACES_MAX) {
            ignoredPlaces.add(place);
        }
    }
}

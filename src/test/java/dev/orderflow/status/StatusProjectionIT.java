package dev.orderflow.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.orderflow.database.Database;
import dev.orderflow.events.Event;
import dev.orderflow.testing.StartedRestServer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class StatusProjectionIT {

    private static Database database;
    private static StatusProjection book;
    private static OrderQueries states;

    @BeforeAll
    static void start() {
        database = StartedRestServer.database();
        book = Story.book(database);
        states = new OrderQueries(database);
    }

    @AfterAll
    static void stop() {
        database.close();
    }

    @Test
    void everyOrderOfTheEventsOfACompletedOrderEndsTheSame() throws Exception {
        assertThat(endsOfAllPermutations(id -> new ArrayList<>(
                        List.of(Story.placed(id), Story.reserved(id), Story.prepared(id), Story.notified(id)))))
                .hasSize(1)
                .first()
                .asString()
                .contains("\"status\":\"completed\"");
    }

    @Test
    void everyOrderOfTheEventsOfAnOrderOnHoldEndsTheSame() throws Exception {
        assertThat(endsOfAllPermutations(id -> new ArrayList<>(List.of(
                        Story.placed(id),
                        Story.shortOf(id),
                        Story.prepared(id),
                        Story.held(id),
                        Story.notified(id),
                        Story.shortageNotified(id)))))
                .hasSize(1)
                .first()
                .asString()
                .contains("\"status\":\"on-hold\"");
    }

    @Test
    void aRepeatChangesNothing() throws Exception {
        UUID id = UUID.randomUUID();
        book.note(List.of(Story.placed(id), Story.reserved(id)));
        OrderView before = states.find(id).orElseThrow();

        book.note(List.of(Story.reserved(id), Story.placed(id)));

        assertThat(states.find(id)).contains(before);
    }

    @Test
    void anOrderIsNotThereBeforeItsOrderPlaced() throws Exception {
        UUID id = UUID.randomUUID();
        book.note(List.of(Story.reserved(id), Story.prepared(id)));

        assertThat(states.find(id)).isEmpty();
        assertThat(states.changed(Set.of(id))).isEmpty();
    }

    @Test
    void theStatusFollowsTheFacts() throws Exception {
        UUID id = UUID.randomUUID();
        List<String> told = new ArrayList<>();
        for (Event event : List.of(
                Story.placed(id), Story.reserved(id), Story.notified(id), Story.prepared(id), Story.shortOf(id))) {
            book.note(List.of(event));
            OrderView state = states.find(id).orElseThrow();
            told.add(state.changed() + " " + state.status());
        }

        assertThat(told).containsExactly("1 accepted", "2 in-progress", "3 in-progress", "4 completed", "5 on-hold");
    }

    @Test
    void theTimelineBeginsWithOrderPlacedAndGoesByTime() throws Exception {
        UUID id = UUID.randomUUID();
        book.note(List.of(Story.notified(id), Story.reserved(id), Story.placed(id), Story.prepared(id)));

        assertThat(states.find(id).orElseThrow().timeline())
                .extracting(OrderView.TimelineEntry::event, OrderView.TimelineEntry::service)
                .containsExactly(
                        tuple("order-placed", "intake"),
                        tuple("stock-reserved", "inventory"),
                        tuple("shipment-prepared", "shipping"),
                        tuple("customer-notified", "notification"));
    }

    @Test
    void anEventThatStatusDoesNotKnowIsRefusedWithASentence() {
        var event = Event.of(UUID.randomUUID(), "parcel-lost", Map.of());

        assertThatThrownBy(() -> book.note(List.of(event)))
                .hasMessageContaining("Status knows no event 'parcel-lost'")
                .hasMessageContaining("hears");
    }

    @Test
    void thousandsOfEventsInMixedBatchesAreAllNoted() throws Exception {
        long seed = System.nanoTime();
        List<UUID> ids = new ArrayList<>();
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            UUID id = UUID.randomUUID();
            ids.add(id);
            events.addAll(List.of(Story.placed(id), Story.reserved(id), Story.prepared(id), Story.notified(id)));
        }
        Collections.shuffle(events, new Random(seed));

        for (int from = 0; from < events.size(); from += 500) {
            book.note(events.subList(from, from + 500));
        }

        Map<UUID, OrderView> found = states.find(ids);
        assertThat(found).as("seed %d", seed).hasSize(1_000);
        assertThat(found.values())
                .as("seed %d", seed)
                .allMatch(state ->
                        state.status().equals("completed") && state.timeline().size() == 4);
    }

    private interface Events {
        List<Event> of(UUID id);
    }

    /** Notes the events in every order, one by one and as one batch, and returns the different ends, without the ids. */
    private static Set<String> endsOfAllPermutations(Events events) throws Exception {
        List<List<Event>> singles = new ArrayList<>();
        List<UUID> ids = new ArrayList<>();
        int size = events.of(UUID.randomUUID()).size();
        for (List<Integer> permutation : permutations(size)) {
            for (boolean together : new boolean[] {true, false}) {
                UUID id = UUID.randomUUID();
                ids.add(id);
                List<Event> all = events.of(id);
                List<Event> ordered = permutation.stream().map(all::get).toList();
                if (together) {
                    book.note(ordered);
                } else {
                    singles.add(ordered);
                }
            }
        }
        // Step by step for all orders at once, since thousands of commits take long.
        for (int step = 0; step < size; step++) {
            int at = step;
            book.note(singles.stream().map(ordered -> ordered.get(at)).toList());
        }
        Set<String> ends = new HashSet<>();
        Map<UUID, OrderView> found = states.find(ids);
        for (UUID id : ids) {
            ends.add(new String(found.get(id).json(), StandardCharsets.UTF_8).replace(id.toString(), "ID"));
        }
        return ends;
    }

    private static List<List<Integer>> permutations(int size) {
        List<List<Integer>> all = new ArrayList<>(List.of(List.of()));
        for (int number = 0; number < size; number++) {
            List<List<Integer>> longer = new ArrayList<>();
            for (List<Integer> shorter : all) {
                for (int place = 0; place <= shorter.size(); place++) {
                    var one = new ArrayList<>(shorter);
                    one.add(place, number);
                    longer.add(one);
                }
            }
            all = longer;
        }
        return all;
    }
}

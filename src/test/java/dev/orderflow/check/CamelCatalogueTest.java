package dev.orderflow.check;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CamelCatalogueTest {

    private final Map<String, JsonNode> names = new HashMap<>();
    private final AtomicInteger reads = new AtomicInteger();

    @Test
    void readsEachNameOnce() {
        ask("kafka");
        var again = ask("kafka");

        assertThat(again.has("topic")).isTrue();
        assertThat(reads).hasValue(1);
    }

    @Test
    void keepsNoMoreNamesThanItsBoundWhateverFilesHold() {
        for (int i = 0; i <= CamelCatalogue.NAMES_MAX; i++) {
            assertThat(ask("word-" + i).has("topic")).isTrue();
        }

        assertThat(names).hasSize(CamelCatalogue.NAMES_MAX);
    }

    private JsonNode ask(String name) {
        return CamelCatalogue.kept(names, name, () -> {
            reads.incrementAndGet();
            return "{\"properties\":{\"topic\":{}}}";
        });
    }
}

package dev.orderflow.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.settings.Services;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WelcomeTest {

    @Test
    void advisesOnlyWhatTheProcessAnswers() {
        assertThat(advice(false, "intake", "status")).startsWith("curl -i http://h:1/orders -H 'content-type");
        assertThat(advice(false, "status", "inventory")).isEqualTo("curl -i 'http://h:1/orders?limit=5'");
        assertThat(advice(false, "inventory")).isEqualTo("curl -i 'http://h:1/inventory?limit=5'");
        assertThat(advice(false, "shipping")).isEqualTo("curl -i http://h:2/observe/health");
    }

    @Test
    void showsATokenWhereOneIsAskedFor() {
        assertThat(advice(true, "intake")).contains(" -H \"authorization: Bearer $TOKEN\" ");
        assertThat(advice(true, "shipping")).doesNotContain("TOKEN");
    }

    private static String advice(boolean tokens, String... services) {
        return Welcome.tryThis(new Services(Set.of(services), List.of()), "http://h:1", "http://h:2/observe", tokens);
    }
}

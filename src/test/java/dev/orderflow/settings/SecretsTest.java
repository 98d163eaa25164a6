package dev.orderflow.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a driver repeats of an address shows no password to whoever reads the log. */
class SecretsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "No suitable driver found for jdbc:postgres://h/x?user=a&password=s3cretpw",
                "Unable to parse URL jdbc:postgresql://h:99999/x?sslPassword=s3cretpw&ssl=true",
                "URL invalid jdbc:postgresql://u:s3cretpw@127.0.0.1:1/x",
                "u:s3cretpw@127.0.0.1",
                "cannot read org.apache.kafka.X required username=\"u\" password=\"s3cretpw\";"
            })
    void hidesAPassword(String sentence) {
        assertThat(Secrets.masked(sentence)).contains("***").doesNotContain("s3cretpw");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "orders-1@120 was appended at 10:00",
                "Set DATABASE_PASSWORD, or file:/path.",
                "Nothing answers at http://127.0.0.1:8080. Start orderflow there."
            })
    void leavesOtherSentencesAlone(String sentence) {
        assertThat(Secrets.masked(sentence)).isEqualTo(sentence);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"jdbc:postgres://h/x?user=a&password=s3cretpw", "jdbc:postgresql://u:s3cretpw@127.0.0.1:1/x"})
    void judgesWhatACommandUsesBeforeADriverSeesIt(String address) {
        var settings = Settings.load().with("database.url", address);

        assertThatThrownBy(() -> settings.judged("kafka.", "database."))
                .isInstanceOf(CannotStart.class)
                .hasMessageContaining("Setting 'database.url' must be jdbc:postgresql://host:port/database")
                .message()
                .doesNotContain("s3cretpw");
    }

    @Test
    void judgesNothingThatACommandDoesNotUse() {
        var settings = Settings.load().with("door.workers", "many");

        assertThat(settings.judged("kafka.", "database.")).isSameAs(settings);
    }
}

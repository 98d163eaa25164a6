package dev.orderflow.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What answers at an address and is not Orderflow is no answer: it neither listed nor did anything. */
class ForeignAnswersTest {

    private final FakeProcess process = new FakeProcess();

    @AfterEach
    void stop() {
        process.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "[]",
                "null",
                "\"x\"",
                "{\"status\":\"UP\"}",
                "{\"deadLetters\":{},\"operations\":[],\"state\":\"\",\"dryRun\":true,\"redrive\":\"1\"}",
                "{\"state\":\"refused\",\"id\":\"i\",\"dryRun\":false,\"redrive\":0,\"quarantine\":0,\"skip\":0,\"first\":[]}",
                "{\"deadLetters\":[],\"paused\":[],\"operations\":[]} more"
            })
    void takesNoAnswerOfAnotherShapeForAGoodOne(String body) {
        for (String call : new String[] {
            "GET /dead-letters",
            "GET /dead-letters/8c836e1018357fd03e0add78",
            "GET /operations?limit=50",
            "POST /operations",
            "POST /operations dry",
            "POST /dead-letters/redrive",
            "POST /dead-letters/redrive dry"
        }) {
            process.answer(call, 200, body);
        }

        for (String line : new String[] {
            "dead-letters",
            "dead-letters --json",
            "dead-letters 8c836e1018357fd03e0add78",
            "operations",
            "pause shipping --yes",
            "pause shipping --dry-run",
            "redrive --service shipping --yes",
            "redrive --service shipping --dry-run"
        }) {
            assertThat(process.typed(line)).as(line).isEqualTo(2);
        }
        assertThat(process.out.toString()).isEmpty();
        assertThat(process.err.toString()).contains("is not orderflow. Set CLI_URL.");
    }

    @Test
    void believesNoStateThatItDoesNotKnowOfARedrive() {
        process.answer(
                "POST /dead-letters/redrive",
                202,
                "{\"job\":\"j\",\"redrive\":1,\"quarantine\":0,\"skip\":0,\"first\":[]}");
        process.answer("GET /dead-letters/redrive/j", 200, "{\"state\":\"\",\"letters\":1}");

        assertThat(process.typed("redrive --service shipping --yes")).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 307})
    void namesWhereItIsSentInsteadOfGoingThere(int status) {
        process.answer("POST /operations", call -> {
            call.getResponseHeaders().set("Location", "https://login.example/in?state=secret");
            FakeProcess.write(call, status, "{\"id\":\"i\",\"state\":\"done\"}");
        });

        assertThat(process.typed("pause shipping --yes")).isEqualTo(2);

        assertThat(process.err.toString())
                .contains("redirects to https://login.example/in. Set CLI_URL")
                .doesNotContain("secret");
    }

    @ParameterizedTest
    @CsvSource({"400", "404", "409", "422"})
    void takesARefusalOfSomethingElseForNoneOfOrderflow(int status) {
        process.answer(
                "GET /dead-letters/8c836e1018357fd03e0add78", status, "{\"status\":404,\"detail\":\"Nothing.\"}");

        assertThat(process.typed("dead-letters 8c836e1018357fd03e0add78")).isEqualTo(2);

        assertThat(process.err.toString()).contains("is not orderflow. Set CLI_URL.");
    }
}

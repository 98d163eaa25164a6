package dev.orderflow.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a person types becomes the call that it means, or is refused; and the status says how it ended. */
class CommandTreeTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ID = "8c836e1018357fd03e0add78";
    private static final String PLAN = """
            {"job":"j","dryRun":%b,"ratePerSecond":100,"maxAttempts":5,"redrive":1,"quarantine":%d,"skip":%d,
             "first":[{"id":"8c836e1018357fd03e0add78","orderflowId":"o","service":"shipping","topic":"orders",
                       "attempts":1,"action":"redrive"}]}""";
    private static final String PROGRESS = """
            {"job":"j","who":"ada","state":"done","at":"2026-11-22T10:00:00Z","ratePerSecond":100,"letters":1,
             "waiting":0,"appended":1,"passedOver":0,"home":%d,"parkedAgain":%d}""";
    private static final String PAUSED = """
            {"id":"i","at":"2026-11-22T10:00:00Z","who":"ada","operation":"pause","service":"shipping","arguments":{},
             "state":"%s","result":"shipping stands still"}""";
    private static final String WOULD = "{\"dryRun\":true,\"result\":\"shipping stands still, until it is resumed\"}";

    private final FakeProcess process = new FakeProcess();
    private final List<String> asked = process.asked;
    private final ByteArrayOutputStream out = process.out;
    private final ByteArrayOutputStream err = process.err;

    @AfterEach
    void stop() {
        process.close();
    }

    private void answer(String call, int status, String body) {
        process.answer(call, status, body);
    }

    private int typed(String line) {
        return process.typed(line);
    }

    private int asked(String said, String line) {
        return process.asked(said, line);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "pause shipping --yes | {\"operation\":\"pause\",\"service\":\"shipping\"}",
                "resume shipping -y | {\"operation\":\"resume\",\"service\":\"shipping\"}",
                "rewind shipping --to beginning -y | {\"operation\":\"rewind\",\"service\":\"shipping\",\"to\":\"beginning\"}",
                "rewind shipping orders-1@5 -y | {\"operation\":\"rewind\",\"service\":\"shipping\",\"to\":\"orders-1@5\"}",
                "skip shipping orders-1 5-9 -y | {\"operation\":\"skip\",\"service\":\"shipping\",\"partition\":\"orders-1\",\"first\":5,\"last\":9}",
                "skip shipping orders-1 5 -y | {\"operation\":\"skip\",\"service\":\"shipping\",\"partition\":\"orders-1\",\"first\":5,\"last\":5}",
                "allow shipping 7f4e46c0debd -y | {\"operation\":\"allow\",\"service\":\"shipping\",\"fingerprint\":\"7f4e46c0debd\"}"
            })
    void makesTheCallThatTheWordsMean(String line, String body) {
        answer("POST /operations", 200, PAUSED.formatted("done"));

        assertThat(typed(line)).isZero();

        assertThat(asked).containsExactly("POST /operations " + body);
        assertThat(out.toString()).contains("done", "shipping stands still");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pause",
                "pause a b",
                "pause a --yess",
                "rewind shipping",
                "skip shipping orders-1",
                "skip shipping orders-1 x --yes",
                "redrive",
                "redrive --yes",
                "redrive nothing --yes",
                "redrive 8c836e1018357fd03e0add78 --service shipping --yes",
                "redrive --service shipping --rate-per-second fast",
                "dead-letters shipping",
                "dead-letters 8c836e1018357fd03e0add78 --state parked",
                "dead-letters --limt 3",
                "operations --limit many",
                "operations --limit 0",
                "dead-letters --limit x",
                "dead-letters --limit 201",
                "dead-letters --state lost",
                "@file",
                "hepl",
                "help hepl",
                "help pause now"
            })
    void refusesWrongWordsAndAsksNobody(String line) {
        assertThat(typed(line)).isEqualTo(64);

        assertThat(asked).isEmpty();
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).startsWith("orderflow: ");
    }

    @Test
    void guessesWhatWasMeant() {
        typed("hepl");
        typed("dead-letters --limt 3");

        assertThat(err.toString()).contains("Did you mean 'help'?", "Did you mean '--limit'?", "dead-letters --help");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pause shipping",
                "resume shipping",
                "rewind shipping --to beginning",
                "skip shipping orders-1 5",
                "allow shipping 7f4e46c0debd",
                "redrive --service shipping",
                "redrive service=shipping"
            })
    void altersNothingWithoutAYesWhereThereIsNoTerminal(String line) {
        assertThat(typed(line)).isEqualTo(64);

        assertThat(asked).isEmpty();
        assertThat(err.toString()).contains("say --yes");
    }

    @Test
    void saysWhatWillHappenAndAsksOnATerminal() {
        answer("POST /operations dry", 200, WOULD);
        answer("POST /operations", 200, PAUSED.formatted("done"));

        assertThat(asked("y\n", "pause shipping --json")).isZero();

        assertThat(err.toString()).contains("shipping stands still, until it is resumed", "Go on? [y/N]");
        assertThat(asked).hasSize(2).first().asString().contains("\"dryRun\":true");
        assertThat(asked.get(1)).doesNotContain("dryRun");
    }

    @ParameterizedTest
    @ValueSource(strings = {"n\n", "\n", "", "yesterday\n"})
    void doesNothingWithoutAYes(String said) {
        answer("POST /operations dry", 200, WOULD);

        assertThat(asked(said, "pause shipping")).isEqualTo(1);

        assertThat(asked).hasSize(1);
        assertThat(err.toString()).contains("Nothing was done.");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void showsThePlanOfARedriveBeforeItAsks() {
        answer("POST /dead-letters/redrive dry", 200, PLAN.formatted(true, 0, 0));
        answer("POST /dead-letters/redrive", 202, PLAN.formatted(false, 0, 0));
        answer("GET /dead-letters/redrive/j", 200, PROGRESS.formatted(1, 0));

        assertThat(asked("yes\n", "redrive --service shipping --rate-per-second 50"))
                .isZero();

        assertThat(err.toString()).contains(ID, "1 go back (100 a second)");
        assertThat(asked.get(1))
                .isEqualTo("POST /dead-letters/redrive {\"filter\":{\"service\":\"shipping\"},\"ratePerSecond\":50}");
        assertThat(out.toString()).contains("home").doesNotContain("go back");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--service shipping | 0 | 0 | 1 | 0 | 0",
                "--service shipping | 0 | 2 | 1 | 0 | 0",
                "--service shipping | 0 | 0 | 0 | 1 | 1",
                "--service shipping | 3 | 0 | 1 | 0 | 1",
                "8c836e1018357fd03e0add78 | 0 | 1 | 1 | 0 | 1"
            })
    void endsARedriveByWhatBecameOfTheLetters(
            String which, int quarantine, int skip, int home, int parkedAgain, int status) throws IOException {
        answer("POST /dead-letters/redrive", 202, PLAN.formatted(false, quarantine, skip));
        answer("GET /dead-letters/redrive/j", 200, PROGRESS.formatted(home, parkedAgain));

        assertThat(typed("redrive --yes --json " + which)).isEqualTo(status);

        assertThat(err.toString().contains("are quarantined")).isEqualTo(quarantine > 0);
        // One document, and nothing beside it.
        assertThat(JSON.readTree(out.toString())).isEqualTo(JSON.readTree(PROGRESS.formatted(home, parkedAgain)));
    }

    @Test
    void altersNothingInADryRun() throws IOException {
        answer("POST /operations dry", 200, WOULD);
        answer("POST /dead-letters/redrive dry", 200, PLAN.formatted(true, 0, 0));

        assertThat(typed("redrive service=shipping dryRun")).isZero();
        assertThat(out.toString()).contains("1 go back");
        assertThat(err.toString()).contains("it is now: orderflow redrive --service=shipping --dry-run");
        out.reset();
        assertThat(typed("pause shipping --dry-run --yes --json")).isZero();

        assertThat(asked).hasSize(2).allMatch(call -> call.contains("\"dryRun\":true"));
        assertThat(JSON.readTree(out.toString())).isEqualTo(JSON.readTree(WOULD));
    }

    @ParameterizedTest
    @CsvSource({"400,64", "422,64", "404,1", "409,1", "401,2", "403,2", "500,2", "503,2"})
    void endsByWhatTheProcessSays(int answered, int status) {
        answer("POST /operations", answered, FakeProcess.problem("It is so."));

        assertThat(typed("pause shipping --yes")).isEqualTo(status);

        assertThat(err.toString()).contains("was answered with " + answered + ": It is so.");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void endsWithOneWhenAnOperationFails() {
        answer("POST /operations", 202, PAUSED.formatted("running"));
        answer("GET /operations/i", 200, PAUSED.formatted("failed"));

        assertThat(typed("pause shipping --yes")).isEqualTo(1);
    }

    @Test
    void couldNotAskWhereNobodyIsWhoKnows() {
        assertThat(typed("dead-letters")).isEqualTo(2);
        assertThat(err.toString()).contains("does not run the service redrive");

        answer("GET /dead-letters", 200, "<html>");
        assertThat(typed("dead-letters")).isEqualTo(2);
        assertThat(err.toString()).contains("is not orderflow. Set CLI_URL.");

        process.close();
        assertThat(typed("dead-letters")).isEqualTo(2);
        assertThat(err.toString()).contains("Nothing answers at http://127.0.0.1:");
    }

    @Test
    void tellsWhatIsShownOfHowMuch() throws IOException {
        String page = """
                {"groups":[{"service":"shipping","fingerprint":"46b21d04fa61","example":"%s","letters":57,"parked":57,
                  "redriven":0,"quarantined":0,"home":0,"firstAt":"t","lastAt":"t"}],
                 "deadLetters":[{"id":"8c836e1018357fd03e0add78","service":"shipping","state":"parked","attempts":1,
                  "fingerprint":"46b21d04fa61","error":{"exception":"E","message":"no"},"parkedAt":"2026-11-22T10:00:00Z"}],
                 "next":"MjAy"}""".formatted("x".repeat(90));
        answer("GET /dead-letters?service=shipping&limit=1", 200, page);

        assertThat(typed("dead-letters --service shipping --limit 1")).isZero();

        assertThat(out.toString()).contains(ID, Table.CUT, "1 of 57 shown. The next: the same with --cursor MjAy");
        out.reset();
        assertThat(typed("dead-letters --service shipping --limit 1 --json")).isZero();
        assertThat(JSON.readTree(out.toString())).isEqualTo(JSON.readTree(page));
    }

    @Test
    void showsOneLetterWithItsHistoryAndSaysWhatIsCutOfItsBody() {
        answer("GET /dead-letters/" + ID, 200, """
                {"id":"%s","service":"shipping","state":"home","attempts":2,"fingerprint":"46b21d04fa61",
                 "error":{"exception":"E","message":"no"},"original":{"topic":"orders","partition":1,"offset":7},
                 "firstParkedAt":"t","parkedAt":"t","headers":{"ce_id":"e"},"body":"%s",
                 "history":[{"at":"t","who":"ada","what":"redriven","attempt":2}]}""".formatted(ID, "b".repeat(2_001)));

        assertThat(typed("dead-letters " + ID)).isZero();

        assertThat(out.toString())
                .contains(
                        "stood at      orders-1@7", "header ce_id  e", "redriven", "(2,000 of 2,001 characters shown");
    }

    @Test
    void listsOperationsAlsoWithoutAWord() {
        answer(
                "GET /operations?limit=50",
                200,
                "{\"paused\":[{\"service\":\"shipping\",\"who\":\"ada\",\"since\":\"t\"}],\"operations\":[%s]}"
                        .formatted(PAUSED.formatted("done")));

        assertThat(typed("")).isZero();

        assertThat(out.toString())
                .contains("paused", "ada", "shipping stands still")
                .doesNotContain("newest");
    }
}

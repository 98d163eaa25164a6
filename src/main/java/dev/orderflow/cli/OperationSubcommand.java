package dev.orderflow.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orderflow.settings.Settings;
import java.time.Duration;
import java.util.function.Supplier;
import picocli.CommandLine.Parameters;

/** What an operator has a service do. It stays until that is done. */
abstract class OperationSubcommand extends AlteringSubcommand {

    static final String DONE_LINE = "0:done; or this was a dry run";
    static final String NOT_DONE_LINE = "1:not done: it was refused or failed, or the question was answered with no";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(300);

    @Parameters(index = "0", paramLabel = "SERVICE", description = "A service, as GET /routes names it.")
    private String service;

    private final String name;

    OperationSubcommand(String name, Supplier<Settings> settings, Terminal terminal) {
        super(settings, terminal);
        this.name = name;
    }

    /** Adds what the operation needs besides the service, by the names of the REST API. */
    abstract void complete(ObjectNode request);

    @Override
    public final Integer call() throws InterruptedException {
        ObjectNode request = JSON.createObjectNode().put("operation", name).put("service", service);
        complete(request);
        if (isDryRun()) {
            print(
                    would(request),
                    answer -> "Nothing is done. It would be: "
                            + answer.path("result").asText());
            return ExitStatus.WELL;
        }
        consent(
                "%s %s".formatted(name, service),
                () -> would(request).path("result").asText());
        JsonNode answer = operator().post("/operations", request, AnswerShape.OPERATION);
        if (isRunning(answer)) {
            answer = ended(answer.path("id").asText());
        }
        print(answer, OperationSubcommand::outcome);
        return answer.path("state").asText().equals("failed") ? ExitStatus.FOUND : ExitStatus.WELL;
    }

    private static boolean isRunning(JsonNode operation) {
        return operation.path("state").asText().equals("running");
    }

    /** It goes on without this command, so whoever waits knows from the first moment by which name. */
    private JsonNode ended(String id) throws InterruptedException {
        String begun = "It was begun as operation %s, and goes on; look with: orderflow operations".formatted(id);
        terminal().err().println("orderflow: " + begun);
        long begin = System.nanoTime();
        JsonNode answer;
        do {
            if (System.nanoTime() - begin > operator().waitMax().toNanos()) {
                throw CommandFailed.notAsked("It has not ended within %,d s (cli.waitMs)."
                                .formatted(operator().waitMax().toSeconds()))
                        .behind(begun);
            }
            Thread.sleep(BETWEEN_LOOKS.toMillis());
            answer = followed("/operations/" + id, AnswerShape.OPERATION, begun);
        } while (isRunning(answer));
        return answer;
    }

    private JsonNode would(ObjectNode request) {
        return operator().post("/operations", request.deepCopy().put("dryRun", true), AnswerShape.WOULD);
    }

    static String outcome(JsonNode operation) {
        return new Facts()
                .add("state", operation.path("state").asText())
                .add("result", operation.path("result").asText())
                .add("by", operation.path("who").asText())
                .add("id", operation.path("id").asText())
                .toString();
    }
}

package dev.orderflow.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orderflow.settings.Settings;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "allow",
        description = "Have a service park records of one cause past delivery.parkedMax, for an hour.",
        footer = "  orderflow allow shipping 7f4e46c0debd",
        exitCodeList = {
            OperationSubcommand.DONE_LINE,
            OperationSubcommand.NOT_DONE_LINE,
            ExitStatus.NOT_ASKED_LINE,
            ExitStatus.USAGE_LINE
        })
final class AllowSubcommand extends OperationSubcommand {

    @Parameters(index = "1", paramLabel = "FINGERPRINT", description = "The cause, as health and dead-letters name it.")
    private String fingerprint;

    AllowSubcommand(Supplier<Settings> settings, Terminal terminal) {
        super("allow", settings, terminal);
    }

    @Override
    void complete(ObjectNode request) {
        request.put("fingerprint", fingerprint);
    }
}

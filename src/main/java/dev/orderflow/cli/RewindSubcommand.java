package dev.orderflow.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orderflow.settings.Settings;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "rewind",
        description = "Have a service read again from a place; what its receipts know is not done again.",
        footer = "  orderflow rewind shipping --to 2026-11-22T10:00:00Z --dry-run",
        exitCodeList = {
            OperationSubcommand.DONE_LINE,
            OperationSubcommand.NOT_DONE_LINE,
            ExitStatus.NOT_ASKED_LINE,
            ExitStatus.USAGE_LINE
        })
final class RewindSubcommand extends OperationSubcommand {

    @Option(
            names = "--to",
            required = true,
            paramLabel = "PLACE",
            description =
                    "A time such as 2026-11-22T10:00:00Z, or topic-partition@offset such as orders-1@120, or beginning.")
    private String to;

    RewindSubcommand(Supplier<Settings> settings, Terminal terminal) {
        super("rewind", settings, terminal);
    }

    @Override
    void complete(ObjectNode request) {
        request.put("to", to);
    }
}

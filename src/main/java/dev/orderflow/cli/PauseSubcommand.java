package dev.orderflow.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orderflow.settings.Settings;
import java.util.function.Supplier;
import picocli.CommandLine.Command;

@Command(
        name = "pause",
        description = "Have a service stand still in every process, also after a restart.",
        footer = "  orderflow pause shipping",
        exitCodeList = {
            OperationSubcommand.DONE_LINE,
            OperationSubcommand.NOT_DONE_LINE,
            ExitStatus.NOT_ASKED_LINE,
            ExitStatus.USAGE_LINE
        })
final class PauseSubcommand extends OperationSubcommand {

    PauseSubcommand(Supplier<Settings> settings, Terminal terminal) {
        super("pause", settings, terminal);
    }

    @Override
    void complete(ObjectNode request) {}
}

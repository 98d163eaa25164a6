package dev.orderflow.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orderflow.settings.Settings;
import java.util.function.Supplier;
import picocli.CommandLine.Command;

@Command(
        name = "resume",
        description = "Have a service that was paused go on where it stood.",
        footer = "  orderflow resume shipping",
        exitCodeList = {
            OperationSubcommand.DONE_LINE,
            OperationSubcommand.NOT_DONE_LINE,
            ExitStatus.NOT_ASKED_LINE,
            ExitStatus.USAGE_LINE
        })
final class ResumeSubcommand extends OperationSubcommand {

    ResumeSubcommand(Supplier<Settings> settings, Terminal terminal) {
        super("resume", settings, terminal);
    }

    @Override
    void complete(ObjectNode request) {}
}

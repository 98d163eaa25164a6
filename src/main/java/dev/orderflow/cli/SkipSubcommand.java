package dev.orderflow.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.orderflow.settings.Settings;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "skip",
        description = "Have a service never do some offsets. It cannot be taken back.",
        footer = "  orderflow skip shipping orders-1 120-129 --dry-run",
        exitCodeList = {
            OperationSubcommand.DONE_LINE,
            OperationSubcommand.NOT_DONE_LINE,
            ExitStatus.NOT_ASKED_LINE,
            ExitStatus.USAGE_LINE
        })
final class SkipSubcommand extends OperationSubcommand {

    private static final Pattern RANGE = Pattern.compile("(\\d{1,18})(?:-(\\d{1,18}))?");

    @Parameters(index = "1", paramLabel = "TOPIC-PARTITION", description = "Such as orders-1.")
    private String partition;

    @Parameters(
            index = "2",
            paramLabel = "FIRST-LAST",
            description = "Offsets, both of which are skipped too; or one offset.")
    private String offsets;

    SkipSubcommand(Supplier<Settings> settings, Terminal terminal) {
        super("skip", settings, terminal);
    }

    @Override
    void complete(ObjectNode request) {
        Matcher range = RANGE.matcher(offsets);
        if (!range.matches()) {
            throw CommandFailed.usage(
                    "Offsets must be FIRST-LAST, such as 120-129, or one offset, but there was '%s'. See: orderflow skip --help"
                            .formatted(offsets));
        }
        long first = Long.parseLong(range.group(1));
        request.put("partition", partition);
        request.put("first", first);
        request.put("last", range.group(2) == null ? first : Long.parseLong(range.group(2)));
    }
}

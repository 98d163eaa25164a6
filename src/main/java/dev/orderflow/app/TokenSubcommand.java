package dev.orderflow.app;

import dev.orderflow.cli.CommandFailed;
import dev.orderflow.cli.ExitStatus;
import dev.orderflow.cli.Subcommand;
import dev.orderflow.cli.Terminal;
import dev.orderflow.credentials.Token;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "token",
        description = "Make a token for a caller, and the line of DOOR_TOKENS for it. It is kept nowhere.",
        footer = "  orderflow token shop orders+read",
        exitCodeList = {"0:made", ExitStatus.USAGE_LINE})
final class TokenSubcommand extends Subcommand {

    @Parameters(index = "0", paramLabel = "NAME", description = "Of the caller; two tokens of one name are one caller.")
    private String name;

    @Parameters(index = "1", paramLabel = "ROLE+ROLE", description = "What it may: orders, read, operate.")
    private String roles;

    private final Terminal terminal;

    TokenSubcommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        try {
            var fresh = Token.fresh(name, roles);
            terminal.out()
                    .println("Give this to the caller, it is not kept anywhere: %s%nAdd this to DOOR_TOKENS: %s"
                            .formatted(fresh.token(), fresh.line()));
            return ExitStatus.WELL;
        } catch (IllegalArgumentException e) {
            throw CommandFailed.usage(e.getMessage());
        }
    }
}

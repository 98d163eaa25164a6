package dev.orderflow.app;

import dev.orderflow.cli.CommandFailed;
import dev.orderflow.cli.ExitStatus;
import dev.orderflow.cli.Subcommand;
import dev.orderflow.live.Live;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "routes",
        description = "Check route files, or play an edit over real orders. Neither alters anything.",
        subcommands = {RoutesSubcommand.Check.class, RoutesSubcommand.Rehearse.class},
        footer = {"  orderflow routes check", "  orderflow routes rehearse /tmp/shipping.camel.yaml"},
        exitCodeList = {
            "0:all are good; or every order came out",
            "1:a file is refused, or fails on some order",
            "2:could not ask, so nothing is known of the files",
            ExitStatus.USAGE_LINE
        })
final class RoutesSubcommand extends Subcommand {

    @Override
    public Integer call() {
        throw CommandFailed.usage("The command is: routes check, or routes rehearse. See: orderflow routes --help");
    }

    @Command(
            name = "check",
            description = "Check every route file of a folder, as an edit is checked.",
            footer = "  orderflow routes check routes-yaml",
            exitCodeList = {
                "0:all are good",
                "1:some are refused, each with a sentence",
                "2:the folder or the database cannot be read, or there are no route files",
                ExitStatus.USAGE_LINE
            })
    static final class Check extends Subcommand {

        @Parameters(
                paramLabel = "FOLDER",
                arity = "0..1",
                description = "Of the route files; without it, the setting orderflow.routes.dir.")
        private String folder;

        @Option(
                names = "--migrate",
                description =
                        "First bring DATABASE_URL to the schema of this version; for one that is there for the check.")
        private boolean migrate;

        @Override
        public Integer call() throws Exception {
            var settings = App.settings().judged("database.", "orderflow.routes.dir", "orderflow.data.dir");
            if (migrate && !settings.isSet("database.url")) {
                throw CommandFailed.usage("--migrate is of the database in DATABASE_URL, and that is not set.");
            }
            return Live.check(settings, folder == null ? settings.text("orderflow.routes.dir") : folder, migrate);
        }
    }

    @Command(
            name = "rehearse",
            description = {
                "Play an edited service over the last real orders, and tell what would have come out otherwise.",
                "It leaves nothing behind: each order is a transaction that is rolled back."
            },
            footer = "  orderflow routes rehearse /tmp/shipping.camel.yaml --last 1000",
            exitCodeList = {
                "0:every order came out, the same or changed",
                "1:the file is refused, or fails on some order",
                "2:it could not be played, so nothing is known of it",
                ExitStatus.USAGE_LINE
            })
    static final class Rehearse extends Subcommand {

        @Parameters(paramLabel = "FILE", description = "The edited route file; its name is that of the service.")
        private Path file;

        @Option(
                names = "--last",
                paramLabel = "N",
                defaultValue = "1000",
                description = "Over so many orders; at most the setting rehearsal.ordersMax.")
        private int last;

        @Override
        public Integer call() {
            var settings = App.settings()
                    .judged("kafka.", "database.", "rehearsal.", "orders.topic", "order-events.topic", "topics.");
            int max = settings.number("rehearsal.ordersMax");
            if (last < 1 || last > max) {
                throw CommandFailed.usage(
                        "--last must be a whole number from 1 to %d (rehearsal.ordersMax), but is '%d'."
                                .formatted(max, last));
            }
            return Live.rehearse(settings, file, last);
        }
    }
}

package dev.orderflow.app;

import dev.orderflow.audit.Audit;
import dev.orderflow.audit.AuditReport;
import dev.orderflow.cli.CommandFailed;
import dev.orderflow.cli.ExitStatus;
import dev.orderflow.cli.Subcommand;
import dev.orderflow.cli.Terminal;
import dev.orderflow.database.Database;
import dev.orderflow.http.ProblemException;
import dev.orderflow.kafka.KafkaClients;
import dev.orderflow.settings.CannotStart;
import dev.orderflow.settings.LocalParts;
import dev.orderflow.telemetry.Causes;
import java.sql.SQLException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "audit",
        description = {
            "Hold the topics against the services' tables, and alter nothing.",
            "It reads the brokers and the database of the settings itself, or those that a running ./orderflow has here."
        },
        footer = {"  orderflow audit", "  orderflow audit --json | jq .services"},
        exitCodeList = {
            "0:nothing is lost, duplicated, unseen or wrong",
            "1:something is; or offsets are unreadable, or were passed and nobody has looked",
            "2:could not ask: the brokers or the database are away, or none are named",
            ExitStatus.USAGE_LINE
        })
final class AuditSubcommand extends Subcommand {

    @Option(names = "--json", description = "Print the JSON of GET /audit, for programs.")
    private boolean json;

    private final Terminal terminal;

    AuditSubcommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        AuditReport report = report();
        if (json) {
            terminal.data().println(report.json().toPrettyString());
        } else {
            terminal.out().println(report.text().stripTrailing());
        }
        return report.clean() ? ExitStatus.WELL : ExitStatus.FOUND;
    }

    private AuditReport report() throws Exception {
        var bar = terminal.bar();
        var settings = App.settings();
        try {
            settings = LocalParts.reached(settings.judged(
                    "kafka.", "database.", "orders.topic", "order-events.topic", "orders-dlt.topic", "topics."));
            return new Audit(settings, KafkaClients.properties(settings)).run(bar::at);
        } catch (CannotStart | ProblemException e) {
            throw CommandFailed.notAsked(e.getMessage(), e);
        } catch (SQLException e) {
            throw CommandFailed.notAsked(
                    "The database at %s does not answer: %s. Set DATABASE_URL, or look whether it runs."
                            .formatted(Database.address(settings.text("database.url")), Causes.named(e)),
                    e);
        } catch (KafkaException | ExecutionException e) {
            throw CommandFailed.notAsked(
                    "The brokers at %s do not answer: %s. Set KAFKA_BROKERS, or look whether they run."
                            .formatted(settings.text("kafka.brokers"), Causes.named(e)),
                    e);
        } finally {
            bar.clear();
        }
    }
}

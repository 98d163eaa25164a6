package dev.orderflow.app;

import dev.orderflow.audit.Audit;
import dev.orderflow.cli.Bar;
import dev.orderflow.cli.Command;
import dev.orderflow.cli.OperationCommands;
import dev.orderflow.cli.Operator;
import dev.orderflow.credentials.Token;
import dev.orderflow.http.ProblemException;
import dev.orderflow.kafka.KafkaClients;
import dev.orderflow.live.Live;
import dev.orderflow.settings.CannotStart;
import dev.orderflow.settings.LocalParts;
import dev.orderflow.settings.MisspeltVariables;
import dev.orderflow.settings.NearMiss;
import dev.orderflow.settings.Settings;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Orderflow's command, with all that it can be told. */
public final class App {

    private static final Logger LOG = LoggerFactory.getLogger(App.class);

    /** The first is what happens without a word. */
    private static final List<Command> COMMANDS = Stream.of(
                    Stream.of(
                            new Command("run", "Run the services of this process until Ctrl-C.", words -> run()),
                            new Command(
                                    "dead-letters",
                                    "List dead letters, or show one: dead-letters service=.. state=.., or ID.",
                                    words -> operator().deadLetters(words)),
                            new Command(
                                    "redrive",
                                    "Send dead letters back: redrive ID..., or service=.. fingerprint=..; dryRun first.",
                                    words -> operator().redrive(words))),
                    OperationCommands.all(App::operator).stream(),
                    Stream.of(
                            new Command(
                                    "audit",
                                    "Hold the topics against the services' tables; status 1 when something is wrong.",
                                    App::audit),
                            new Command(
                                    "routes",
                                    "Check route files, or play an edit over real orders: routes check [FOLDER], routes rehearse FILE --last N.",
                                    Live::command),
                            new Command("token", "Make a token for a caller: token NAME ROLE+ROLE.", App::token),
                            new Command("version", "Print the version.", words -> print(version())),
                            new Command("help", "Print this.", words -> print(help()))))
            .flatMap(commands -> commands)
            .toList();

    private App() {}

    public static void main(String[] arguments) {
        int status = CommandFailure.told(() -> command(arguments));
        if (status != 0) {
            System.exit(status);
        }
    }

    private static int command(String[] arguments) throws Exception {
        var words = arguments.length == 0 ? List.of(COMMANDS.get(0).name()) : List.of(arguments);
        String name = words.get(0).replaceFirst("^--", "");
        for (Command command : COMMANDS) {
            if (command.name().equals(name)) {
                return command.action().run(words.subList(1, words.size()));
            }
        }
        var names = COMMANDS.stream().map(Command::name).toList();
        throw new CannotStart("There is no command '%s'.%s There are: %s."
                .formatted(
                        words.get(0),
                        NearMiss.of(name, names)
                                .map(near -> " Did you mean '" + near + "'?")
                                .orElse(""),
                        String.join(", ", names)));
    }

    private static int run() throws Exception {
        // Not the process's: the script that fetched and compiled has become this one.
        long begin = ManagementFactory.getRuntimeMXBean().getStartTime();
        MisspeltVariables.in(System.getenv()).forEach(sentence -> LOG.warn("environment: {}", sentence));
        var app = Application.start(Settings.load());
        Runtime.getRuntime().addShutdownHook(new Thread(app::close, "stop"));
        System.out.println(Welcome.of(app, Duration.ofMillis(System.currentTimeMillis() - begin)));
        new CountDownLatch(1).await();
        return 0;
    }

    private static Operator operator() {
        return new Operator(Settings.load(), System.out, Bar.ofTerminal());
    }

    private static int audit(List<String> words) throws Exception {
        var settings = LocalParts.reached(Settings.load());
        var bar = Bar.ofTerminal();
        try {
            var report = new Audit(settings, KafkaClients.properties(settings)).run(bar::at);
            bar.clear();
            print(report.text().stripTrailing());
            return report.clean() ? 0 : 1;
        } catch (ProblemException e) {
            bar.clear();
            throw new CannotStart(e.getMessage(), e);
        }
    }

    private static int token(List<String> words) {
        if (words.size() != 2) {
            throw new CannotStart(
                    "The command is: token NAME ROLE+ROLE, with the roles orders, read and operate; such as: token shop orders+read");
        }
        var fresh = Token.fresh(words.get(0), words.get(1));
        return print("Give this to the caller, it is not kept anywhere: %s%nAdd this to DOOR_TOKENS: %s"
                .formatted(fresh.token(), fresh.line()));
    }

    static String version() {
        String version = App.class.getPackage().getImplementationVersion();
        return "orderflow " + (version == null ? "(from source)" : version);
    }

    private static String help() {
        return COMMANDS.stream()
                .map(command -> "  %-12s %s%n".formatted(command.name(), command.summary()))
                .collect(Collectors.joining(
                        "",
                        "orderflow COMMAND; without one: %s%n%n"
                                .formatted(COMMANDS.get(0).name()),
                        "%nSettings are environment variables: README.md names them.".formatted()));
    }

    private static int print(String text) {
        System.out.println(text);
        return 0;
    }
}

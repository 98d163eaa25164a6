package dev.orderflow.cli;

import dev.orderflow.settings.NearMiss;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * All that {@code orderflow} can be told, in the order of its help. Only the command that is asked for is read by
 * reflection, so that the others cost its start nothing.
 */
public final class CommandTree {

    private static final int WIDTH = 100;
    private static final String NAME = "orderflow";
    private static final String SUMMARY =
            "Takes orders over REST, appends them to Kafka, and has each service act on every order once.";
    private static final Map<String, String> STATUSES = new LinkedHashMap<>();
    private static final String[] FOOTER = {
        "  orderflow",
        "  orderflow audit --json",
        "  orderflow help redrive",
        "",
        "Commands that ask a running process find it at CLI_URL (default http://127.0.0.1:8080), and show it",
        "the token CLI_TOKEN, which needs the role operate; empty where none is asked for.",
        "Settings are environment variables: README.md names them. docs/cli.md has all commands."
    };

    static {
        STATUSES.put("0", "well");
        STATUSES.put("1", "something wrong was found, or it was not done; of run: it could not start");
        STATUSES.put("2", "could not ask, so nothing is known");
        STATUSES.put("64", "the words are wrong; nothing was done");
    }

    private final Map<String, Supplier<Subcommand>> commands = new LinkedHashMap<>();
    private final Terminal terminal;
    private final String byDefault;

    /** @param byDefault the command of {@code orderflow} without a word */
    public CommandTree(Terminal terminal, String byDefault, Map<String, Supplier<Subcommand>> commands) {
        this.terminal = terminal;
        this.byDefault = byDefault;
        this.commands.putAll(commands);
        this.commands.put("help", () -> new HelpSubcommand(this));
        this.commands.put("completion", () -> new CompletionSubcommand(this, terminal));
    }

    /**
     * Runs what the words say and returns the exit status.
     *
     * @throws Exception with which the command ended, where it is none of this package's own
     */
    public int run(String... words) throws Exception {
        try {
            return told(words.length == 0 ? new String[] {byDefault} : words);
        } catch (ParameterException e) {
            String name = e.getCommandLine().getCommandSpec().qualifiedName();
            terminal.err().println("orderflow: %s See: %s --help".formatted(sentence(e), name));
            return ExitStatus.USAGE;
        } catch (CommandFailed e) {
            terminal.err().println("orderflow: " + e.getMessage());
            if (e.getCause() != null) {
                LoggerFactory.getLogger(CommandTree.class).debug("orderflow: the failure behind that", e.getCause());
            }
            return e.status();
        }
    }

    private int told(String[] words) throws Exception {
        if (words[0].equals("-h")) {
            return help(List.of());
        }
        // Every command may be written with two hyphens, as --version is.
        String name = words[0].equals("-V") ? "version" : words[0].replaceFirst("^--", "");
        checkKnown(name, words[0]);
        var line = line(List.of(name));
        var rest = Arrays.asList(words).subList(1, words.length);
        var spelt = FormerWords.translated(name, rest);
        if (!spelt.equals(rest)) {
            terminal.err()
                    .printf(
                            "orderflow: the former spelling '%s' works for one version; it is now: orderflow %s %s%n",
                            String.join(" ", rest), name, String.join(" ", spelt));
        }
        var parsed =
                line.parseArgs(Stream.concat(Stream.of(name), spelt.stream()).toArray(String[]::new));
        while (parsed.hasSubcommand()) {
            parsed = parsed.subcommand();
        }
        CommandLine asked = parsed.commandSpec().commandLine();
        if (parsed.isUsageHelpRequested()) {
            asked.usage(terminal.out(), Ansi.OFF);
            return ExitStatus.WELL;
        }
        if (asked.getCommand() instanceof Callable<?> command) {
            return (Integer) command.call();
        }
        throw new ParameterException(asked, "A command is missing behind '%s'.".formatted(name));
    }

    private void checkKnown(String name, String word) {
        if (!commands.containsKey(name)) {
            throw CommandFailed.usage("There is no command '%s'.%s There are: %s."
                    .formatted(
                            word,
                            NearMiss.of(word, commands.keySet())
                                    .map(near -> " Did you mean '" + near + "'?")
                                    .orElse(""),
                            String.join(", ", commands.keySet())));
        }
    }

    /** @param words of the command whose help is wanted; none for that of all */
    int help(List<String> words) {
        if (!words.isEmpty()) {
            checkKnown(words.get(0), words.get(0));
        }
        var line = whole();
        for (String word : words) {
            var inner = line.getSubcommands().get(word);
            if (inner == null) {
                throw CommandFailed.usage("There is no command '%s'.".formatted(String.join(" ", words)));
            }
            line = inner;
        }
        line.usage(terminal.out(), Ansi.OFF);
        return ExitStatus.WELL;
    }

    String completion() {
        return AutoComplete.bash(NAME, whole());
    }

    /** With all commands, for who looks at more than one. */
    public CommandLine whole() {
        return line(commands.keySet());
    }

    private CommandSpec root() {
        var root = CommandSpec.create().name(NAME);
        root.usageMessage()
                .customSynopsis("orderflow COMMAND [--help]; without one: " + byDefault)
                .description(SUMMARY)
                .commandListHeading("%nCommands:%n")
                .exitCodeList(STATUSES)
                .footer(FOOTER);
        return root;
    }

    private CommandLine line(Collection<String> names) {
        var line = new CommandLine(root());
        names.forEach(name -> line.addSubcommand(name, commands.get(name).get()));
        dress(line);
        // A word that begins with @ is a word, and no file to read words from.
        return line.setExpandAtFiles(false);
    }

    private static void dress(CommandLine line) {
        line.getCommandSpec()
                .usageMessage()
                .width(WIDTH)
                .sortOptions(false)
                .sortSynopsis(false)
                .abbreviateSynopsis(false)
                .showDefaultValues(true)
                .exitCodeListHeading("%nExit status:%n")
                .footerHeading("%nExample:%n");
        line.getSubcommands().values().forEach(CommandTree::dress);
    }

    private static String sentence(ParameterException e) {
        String said = e.getMessage().endsWith(".") ? e.getMessage() : e.getMessage() + ".";
        var near = e instanceof UnmatchedArgumentException unmatched ? unmatched.getSuggestions() : List.<String>of();
        return near.isEmpty() ? said : said + " Did you mean '%s'?".formatted(near.get(0));
    }
}

package dev.orderflow.app;

import dev.orderflow.cli.ExitStatus;
import dev.orderflow.cli.Subcommand;
import dev.orderflow.settings.Settings;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;

@Command(
        name = "run",
        description = "Run the services of this process until Ctrl-C; this is what happens without a command.",
        footer = "  ORDERFLOW_SERVICES=inventory,shipping orderflow run",
        exitCodeList = {
            "1:it could not start; the last line says why",
            ExitStatus.USAGE_LINE,
            "143:it was ended by SIGTERM, and stopped in order; 130 by Ctrl-C"
        })
final class RunSubcommand extends Subcommand {

    private static final Logger LOG = LoggerFactory.getLogger(RunSubcommand.class);

    @Override
    public Integer call() throws Exception {
        // Not the process's: the script that fetched and compiled has become this one.
        long begin = ManagementFactory.getRuntimeMXBean().getStartTime();
        Settings.misspelt(System.getenv()).forEach(sentence -> LOG.warn("environment: {}", sentence));
        var app = Application.start(Settings.load());
        Runtime.getRuntime().addShutdownHook(new Thread(app::close, "stop"));
        System.out.println(Welcome.of(app, Duration.ofMillis(System.currentTimeMillis() - begin)));
        new CountDownLatch(1).await();
        return ExitStatus.WELL;
    }
}

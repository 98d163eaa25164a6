package dev.orderflow.settings;

import dev.orderflow.credentials.Token;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Judges settings: each by its row of {@link SettingLimits}, and those that depend on each other together. */
final class SettingDependencies {

    /** @param fault a sentence when these settings do not fit together */
    private record Rule(Set<String> keys, Function<Settings, Optional<String>> fault) {}

    private static final List<Rule> RULES = List.of(
            new Rule(Set.of("door.tokens"), SettingDependencies::tokens),
            outlives(Retention.RECEIPTS),
            outlives(Retention.DEAD_LETTERS),
            below(
                    "camel.component.kafka.heartbeatIntervalMs",
                    "camel.component.kafka.sessionTimeoutMs",
                    "a consumer that lives would count as dead"),
            below("intake.ackTimeoutMs", "door.idleTimeoutMs", "the connection would close before the answer"),
            unlessForever(
                    "database.transactionIdleMs",
                    below(
                            "notification.batchMs",
                            "database.transactionIdleMs",
                            "PostgreSQL would end the transaction of mails that went out, and they would go out again")),
            below("operate.lookMs", "operate.graceMs", "what answers each look would count as away between two"),
            below("audit.answerMs", "door.idleTimeoutMs", "the connection would close before the answer"));

    private SettingDependencies() {}

    /** A sentence for each fault; none when all is well. */
    static List<String> faults(Settings settings) {
        var sentences = new ArrayList<String>();
        var faulty = new HashSet<String>();
        for (Setting row : SettingLimits.rows()) {
            row.fault(settings.resolved(row.key())).ifPresent(sentence -> {
                faulty.add(row.key());
                // One fault is told once, where it was set.
                if (settings.other(row.key()).filter(faulty::contains).isEmpty()) {
                    sentences.add(sentence);
                }
            });
        }
        for (Rule rule : RULES) {
            if (rule.keys.stream().noneMatch(faulty::contains)) {
                rule.fault.apply(settings).ifPresent(sentences::add);
            }
        }
        return sentences;
    }

    private static Rule outlives(Retention retention) {
        return new Rule(
                Set.of(retention.key(), retention.topicKey()),
                settings -> retention.fault(settings.number(retention.key()), settings.number(retention.topicKey())));
    }

    private static Rule below(String lower, String upper, String why) {
        return new Rule(Set.of(lower, upper), settings -> {
            int low = settings.number(lower);
            int high = settings.number(upper);
            return low < high
                    ? Optional.empty()
                    : Optional.of("Setting '%s' is %d, but must be below %s, which is %d: %s. Set %s or %s."
                            .formatted(
                                    lower, low, upper, high, why, Settings.variable(lower), Settings.variable(upper)));
        });
    }

    /** The setting may be 0 for no limit, and then the rule has nothing to hold it against. */
    private static Rule unlessForever(String limit, Rule rule) {
        return new Rule(
                rule.keys, settings -> settings.number(limit) == 0 ? Optional.empty() : rule.fault.apply(settings));
    }

    private static Optional<String> tokens(Settings settings) {
        return Token.fault(settings.text("door.tokens"));
    }
}

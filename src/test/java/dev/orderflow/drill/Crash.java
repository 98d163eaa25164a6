package dev.orderflow.drill;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** Processes that die, stand still or come and go, connections that break, and a database that is away. */
enum Crash implements Fault {
    SERVICE_KILLED(Part.SERVICES, 15) {
        @Override
        public Blow strike(Stage stage, Random random) {
            var instance = any(stage, random);
            instance.kill();
            return new Blow(instance.name, Instant.now());
        }
    },
    SERVICE_TERMINATED(Part.SERVICES) {
        @Override
        public Blow strike(Stage stage, Random random) {
            var instance = any(stage, random);
            instance.terminate();
            return new Blow(instance.name, Instant.now());
        }
    },
    /** Longer than the session, so that it wakes up as no member of its group any more. */
    SERVICE_STOPPED(Part.SERVICES) {
        @Override
        public Blow strike(Stage stage, Random random) {
            var instance = any(stage, random);
            instance.pause();
            Fault.pause(8_000 + random.nextInt(3_000));
            instance.goOn();
            return new Blow(instance.name, Instant.now());
        }
    },
    LEADER_KILLED(Part.BROKERS, 10) {
        @Override
        public Blow strike(Stage stage, Random random) {
            int partition = random.nextInt(Stage.PARTITIONS);
            return brokerKilled(stage, stage.cluster.leader(Stage.ORDERS, partition), "leader of orders-" + partition);
        }
    },
    CONTROLLER_KILLED(Part.BROKERS, 10) {
        @Override
        public Blow strike(Stage stage, Random random) {
            return brokerKilled(stage, stage.cluster.controller(), "controller");
        }
    },
    ALL_BROKERS_DOWN(Part.BROKERS, 30) {
        @Override
        public Blow strike(Stage stage, Random random) {
            String orderId = stage.history.firstAccepted();
            for (int node = 0; node < stage.cluster.size(); node++) {
                stage.cluster.kill(node);
            }
            var seen = Callers.during(stage.front(), orderId, OUTAGE_S);
            for (int node = 0; node < stage.cluster.size(); node++) {
                stage.cluster.start(node);
            }
            var from = Instant.now();
            List<String> missed = new ArrayList<>();
            if (seen.downMs() < 0 || seen.downMs() > 10_000) {
                missed.add("ready went down after " + seen.downMs() + " ms, and was to within 10 s");
            }
            if (Math.max(seen.live(), seen.read()) > 1_000) {
                missed.add("live and GET answered with p99 of %d and %d ms, and were to below 1 s"
                        .formatted(seen.live(), seen.read()));
            }
            return new Blow(OUTAGE_S + " s, " + seen, from, stage::awaitBrokers, missed);
        }
    },
    CONNECTION_CUT(Part.NETWORK) {
        @Override
        public Blow strike(Stage stage, Random random) {
            return through(stage, random, Proxy.Mode.CUT, 500 + random.nextInt(4_000));
        }
    },
    BLACK_HOLE(Part.NETWORK) {
        @Override
        public Blow strike(Stage stage, Random random) {
            return through(stage, random, Proxy.Mode.BLACK_HOLE, 6_000 + random.nextInt(6_000));
        }
    },
    NO_REPLY(Part.NETWORK) {
        @Override
        public Blow strike(Stage stage, Random random) {
            return through(stage, random, Proxy.Mode.NO_REPLY, 6_000 + random.nextInt(6_000));
        }
    },
    DATABASE_KILLED(Part.DATABASE, 15) {
        @Override
        public Blow strike(Stage stage, Random random) {
            var from = Instant.now();
            stage.postgres.killAndStart();
            return new Blow("", from);
        }
    },
    DATABASE_LOCKED(Part.DATABASE) {
        @Override
        public Blow strike(Stage stage, Random random) {
            try (Connection connection = stage.postgres.connect();
                    var statement = connection.createStatement()) {
                connection.setAutoCommit(false);
                statement.execute("LOCK TABLE inventory.stock, shipping.shipment, delivery.receipts IN EXCLUSIVE MODE");
                Fault.pause(4_000 + random.nextInt(5_000));
                connection.rollback();
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
            return new Blow("", Instant.now());
        }
    },
    /** Every session is ended, and the drill takes all there are. */
    CONNECTIONS_EXHAUSTED(Part.DATABASE) {
        @Override
        public Blow strike(Stage stage, Random random) {
            List<Connection> taken = new ArrayList<>();
            try {
                taken.add(stage.postgres.connect());
                try (var statement = taken.get(0).createStatement()) {
                    for (int tries = 0; tries < 5; tries++) {
                        statement.execute(
                                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'orderflow'");
                        takeAll(stage, taken);
                    }
                }
                Fault.pause(4_000 + random.nextInt(4_000));
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            } finally {
                taken.forEach(Crash::close);
            }
            return new Blow(taken.size() + " taken", Instant.now());
        }
    },
    /** An instance more, and one less. */
    REBALANCE(Part.SERVICES) {
        @Override
        public Blow strike(Stage stage, Random random) {
            try (var newcomer = stage.newcomer()) {
                Fault.pause(1_000 + random.nextInt(2_000));
                newcomer.stop();
                Fault.pause(1_500);
            }
            return new Blow("", Instant.now());
        }
    },
    HALTED(Part.SERVICES) {
        @Override
        public Blow strike(Stage stage, Random random) {
            var step = stage.nextHalt();
            var instance = any(stage, random);
            Halt.arm(instance.haltFile(), step);
            Awaitility.await("halt " + step + " of " + instance.name)
                    .atMost(60, TimeUnit.SECONDS)
                    .until(() -> !java.nio.file.Files.exists(instance.haltFile()));
            return new Blow(instance.name + " " + step, Instant.now());
        }
    };

    private static final int OUTAGE_S = 60;

    private final Part part;
    private final int goalS;

    Crash(Part part) {
        this(part, 0);
    }

    Crash(Part part, int goalS) {
        this.part = part;
        this.goalS = goalS;
    }

    @Override
    public Part part() {
        return part;
    }

    @Override
    public int goalS() {
        return goalS;
    }

    @Override
    public boolean isAlone() {
        return this == ALL_BROKERS_DOWN;
    }

    private static Instance any(Stage stage, Random random) {
        var instances = stage.instances();
        return instances.get(random.nextInt(instances.size()));
    }

    /** Nobody takes over for the only one, so that one is started again at once. */
    private static Blow brokerKilled(Stage stage, int node, String what) {
        var from = Instant.now();
        stage.cluster.kill(node);
        if (stage.cluster.size() == 1) {
            stage.cluster.start(node);
            return new Blow(what, from, stage::awaitBrokers, List.of());
        }
        return new Blow(
                what,
                from,
                () -> {
                    stage.cluster.start(node);
                    stage.awaitBrokers();
                },
                List.of());
    }

    /** One broker, all brokers, or one process's database. */
    private static Blow through(Stage stage, Random random, Proxy.Mode mode, int ms) {
        var brokers = stage.cluster.proxies();
        var instance = any(stage, random);
        int where = random.nextInt(3);
        List<Proxy> proxies = switch (where) {
            case 0 -> List.of(brokers.get(random.nextInt(brokers.size())));
            case 1 -> brokers;
            default -> List.of(instance.database);
        };
        proxies.forEach(proxy -> proxy.set(mode));
        Fault.pause(ms);
        proxies.forEach(proxy -> proxy.set(Proxy.Mode.FORWARD));
        String what = switch (where) {
            case 0 -> "one broker";
            case 1 -> "all brokers";
            default -> "database of " + instance.name;
        };
        return new Blow(what + ", " + ms + " ms", Instant.now());
    }

    private static void takeAll(Stage stage, List<Connection> taken) {
        try {
            while (taken.size() < 100) {
                taken.add(stage.postgres.connect());
            }
        } catch (SQLException e) {
            // There is no more to take.
        }
    }

    private static void close(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            // Gone already.
        }
    }
}

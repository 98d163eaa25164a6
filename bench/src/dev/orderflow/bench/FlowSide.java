package dev.orderflow.bench;

import dev.orderflow.bench.FlowProgress.Course;
import dev.orderflow.bench.Sides.Side;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** One side of a row of the whole flow: all services, and who takes orders or lays them down. */
final class FlowSide implements AutoCloseable {

    /** What a row asks of both sides. */
    record Shape(String name, String work, boolean isSmtp, boolean isSpread, double wanted, double least) {

        String topic(String side) {
            return "orders-" + name + '-' + side;
        }

        String database(String side) {
            return side + "_" + name.replace('-', '_');
        }
    }

    /** Of each process of a service and of the door: two for its consumer and two more. The embedded database has not many. */
    private static final String CONNECTIONS = "4";

    /** Lays orders down from the n-th on. */
    interface Laying {
        void lay(long from, int orders) throws Exception;
    }

    private final Ground ground;
    private final Shape shape;
    private final Side services;
    private final Side door;
    private final Laying laying;
    private final FlowProgress progress;
    private final Optional<ReceivedMails> sink;
    private final FlowAccount account;
    private long laid;

    private FlowSide(
            Ground ground,
            Shape shape,
            Side services,
            Side door,
            Laying laying,
            Map<String, String> groups,
            Optional<ReceivedMails> sink,
            Path mailFolder) {
        this.ground = ground;
        this.shape = shape;
        this.services = services;
        this.door = door;
        this.laying = laying;
        this.sink = sink;
        this.account = new FlowAccount(ground, shape, services.name(), sink, mailFolder);
        this.progress = new FlowProgress(ground, shape.topic(services.name()), groups, sink);
    }

    /** The product, with a process that takes the orders of a backlog while the services are held. */
    static FlowSide product(Ground ground, Shape shape, FlowOrders orders, Optional<ReceivedMails> sink)
            throws SQLException {
        var build = Build.own("product");
        var sides = new Sides(ground, build);
        String topic = shape.topic(build.name());
        String database = shape.database(build.name());
        var folder = ground.folder(shape.topic(build.name()));
        var settings = new HashMap<String, String>();
        settings.put("ORDERFLOW_DATA_DIR", folder.toString());
        settings.put("CAMEL_COMPONENT_KAFKA_SESSIONTIMEOUTMS", RawFlow.SESSION_MS);
        settings.put("CAMEL_COMPONENT_KAFKA_MAXPOLLINTERVALMS", RawFlow.SESSION_MS);
        sink.ifPresent(server -> {
            settings.put("NOTIFICATION_CHANNEL", "direct:mail-to-smtp");
            settings.put("NOTIFICATION_SMTP", "smtp://127.0.0.1:" + server.port());
            settings.put("NOTIFICATION_CONNECTIONS", Integer.toString(RawFlow.CONNECTIONS));
        });
        if (shape.isSpread) {
            settings.put("DATABASE_CONNECTIONSMAX", CONNECTIONS);
        }
        ground.emptyDatabase(database);
        var services = together(shape, only -> sides.product(only, database, topic, settings), "*");
        ground.stock(database);
        var door = sides.product("intake", database, topic, Map.of("DATABASE_CONNECTIONSMAX", CONNECTIONS));
        var groups = FlowProgress.SERVICES.stream().collect(Collectors.toMap(name -> name, name -> name));
        var laying = new BulkLaying(door.port(), orders);
        return new FlowSide(ground, shape, services, door, laying, groups, sink, folder.resolve("mail"));
    }

    /** The clients by hand, with a POST server of theirs. */
    static FlowSide raw(Ground ground, Shape shape, FlowOrders orders, Optional<ReceivedMails> sink)
            throws SQLException {
        var sides = new Sides(ground);
        String topic = shape.topic("raw");
        String database = shape.database("raw");
        var folder = ground.folder(topic);
        ground.database(database);
        ground.topics(3, topic, topic + "-events");
        var job = new RawFlow.Job(
                ground.brokers,
                topic,
                String.join(",", FlowProgress.SERVICES),
                ground.url(database),
                ground.user,
                ground.password,
                sink.map(server -> "smtp:" + server.port()).orElse(folder.toString()));
        var services = together(shape, only -> sides.rawFlow(job.with(only)), job.services());
        var door = sides.rawServer(topic);
        var groups = FlowProgress.SERVICES.stream()
                .collect(Collectors.toMap(name -> name, name -> RawFlow.Job.group(topic, name)));
        return new FlowSide(
                ground, shape, services, door, new RecordLaying(ground, topic, orders), groups, sink, folder);
    }

    private interface Start {
        Side of(String services);
    }

    /** @param all the services of a single process */
    private static Side together(Shape shape, Start start, String all) {
        if (!shape.isSpread) {
            return start.of(all);
        }
        var sides = FlowProgress.SERVICES.stream().map(start::of).toList();
        return new Side(
                sides.get(0).name(),
                sides.stream().flatMap(side -> side.children().stream()).toList(),
                0);
    }

    String name() {
        return services.name();
    }

    /** Where POST is answered in a row at a rate: by the process of all services, and on the raw side by its own. */
    int port() {
        return services.port() == 0 ? door.port() : services.port();
    }

    String database() {
        return shape.database(name());
    }

    long residentMb() {
        return services.residentMb();
    }

    /** Megabytes of heap, as {@link Side#liveMb} has it. */
    long liveMb() {
        // One that is held answers nobody.
        services.letGo();
        long liveMb = services.liveMb();
        services.hold();
        return liveMb;
    }

    void hold() {
        services.hold();
        door.hold();
    }

    void letGo() {
        services.letGo();
        door.letGo();
    }

    /** Every process whose time counts; those of the services by what they serve, where each has its own. */
    Cpu processes() {
        var cpu = new Cpu();
        for (int i = 0; i < services.children().size(); i++) {
            cpu.with(
                    shape.isSpread ? FlowProgress.SERVICES.get(i) : "services",
                    services.children().get(i).pid());
        }
        sink.ifPresent(server -> cpu.with("mail server", server.pid()));
        return cpu.with("broker", ground.brokerPid()).with("database", ground.databasePid());
    }

    /** The same with the process that answers POST, where it is another. */
    Cpu processesWithDoor() {
        var cpu = processes();
        return services.port() == 0 ? cpu.with("intake", door.children().get(0).pid()) : cpu;
    }

    /** What one round gave. */
    record Round(Sample sample, Course course) {}

    /** Lays a backlog down while the services are held, lets them go, and waits for the last effect; holds them again. */
    Round workedOff(int orders) {
        try {
            door.letGo();
            laying.lay(laid, orders);
            laid += orders;
            door.hold();
            ground.checkpoint();
            var goal = progress.goal(orders);
            var cpu = processes();
            var before = cpu.microseconds();
            services.letGo();
            var course = progress.await(goal);
            var spent = Measure.spent(before, cpu.microseconds(), orders);
            long residentMb = residentMb();
            hold();
            taken();
            double perSecond = orders / course.seconds();
            System.err.printf("bench: %s %,.0f/s%n", name(), perSecond);
            return new Round(new Sample(perSecond, spent, 0, 0, residentMb, 0), course);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether every order is completed, and its mail taken. */
    boolean isThrough() throws SQLException {
        return account.isThrough(laid);
    }

    /** Counts orders that were posted, the number of which is that of the next. */
    long posted(int orders) {
        laid += orders;
        return laid - orders;
    }

    /** Counts what the mail server got since the last call, and gives the time of each Message-ID. */
    Map<String, Long> taken() {
        return account.taken();
    }

    /** Orders of all rounds whose effects are not there exactly once, whichever they are, and dead letters. */
    long wrong() throws Exception {
        return account.wrong(laid);
    }

    /** Bytes of a mail in the mean. */
    double bytesOfAMail() throws IOException {
        var count = account.mails();
        return count.bytes() / (double) count.mails();
    }

    @Override
    public void close() {
        door.close();
        services.close();
    }
}

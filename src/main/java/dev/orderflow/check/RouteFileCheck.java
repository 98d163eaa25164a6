package dev.orderflow.check;

import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import javax.sql.DataSource;

/** Everything that is asked of a version of a route file before it may run. It changes and starts nothing. */
public final class RouteFileCheck {

    private final Properties settings;
    private final Optional<DataSource> database;
    /** Route ids that Java code has taken. */
    private final Set<String> taken;

    /** @param database where SQL is prepared; without one, SQL is not looked at */
    public RouteFileCheck(Properties settings, Optional<DataSource> database, Set<String> taken) {
        this.settings = settings;
        this.database = database;
        this.taken = taken;
    }

    /**
     * @param files the files that the version would run beside, itself among them or not
     * @throws RouteFileRefused with the sentence for who edits
     * @throws SQLException when the database is away, which says nothing about the file
     */
    public void check(RouteFile file, Collection<RouteFile> files) throws Exception {
        YamlTree tree = YamlTree.of(file);
        SchemaCheck.check(tree);
        List<RouteFile> shared = files.stream()
                .filter(one -> one.isShared() && !one.name().equals(file.name()))
                .toList();
        List<YamlTree> sharedTrees = shared.stream().map(YamlTree::of).toList();
        try (var aside = new SandboxContext(settings, shared)) {
            new ReferenceCheck(tree, sharedTrees, aside.context(), settings).check();
            new IdCheck(aside.context(), taken, file.name(), files).check(tree);
            new StepOptionCheck(tree, aside.context()).check();
            new EndpointCheck(tree, sharedTrees, aside.context()).check();
            if (database.isPresent()) {
                new SqlCheck(tree, file, aside.context()).check(database.get());
            }
            aside.build(file, tree);
        }
    }
}

package dev.orderflow.delivery;

import org.slf4j.LoggerFactory;

/** The name that {@code beans.camel.yaml} had for the database before 1.1; for copies of that file in folders of one's own. */
@Deprecated(since = "1.1", forRemoval = true)
public class Database extends dev.orderflow.database.Database {

    public Database() {
        LoggerFactory.getLogger(Database.class)
                .warn(
                        "beans.camel.yaml names the bean type {}, which goes with the next version: write {}",
                        Database.class.getName(),
                        dev.orderflow.database.Database.class.getName());
    }
}

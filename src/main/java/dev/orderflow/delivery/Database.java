package dev.orderflow.delivery;

/** The former name of {@link dev.orderflow.database.Database}. */
@Deprecated(forRemoval = true)
public class Database extends dev.orderflow.database.Database {

    public Database() {
        FormerName.of(this);
    }
}

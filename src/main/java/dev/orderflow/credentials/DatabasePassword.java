package dev.orderflow.credentials;

import java.io.IOException;
import java.util.Optional;
import java.util.Properties;
import org.postgresql.PGProperty;
import org.postgresql.plugin.AuthenticationPlugin;
import org.postgresql.plugin.AuthenticationRequestType;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;

/** Tells PostgreSQL's driver the password of each new connection, where {@code database.password} names a file. */
public final class DatabasePassword implements AuthenticationPlugin {

    private final String password;

    /** @param connection what the driver connects with; it makes this object once for each connection */
    public DatabasePassword(Properties connection) {
        password = PGProperty.PASSWORD.getOrDefault(connection);
    }

    /** The driver's option for a password that names a file; empty for one that is said itself. */
    public static Optional<String> plugin(String password) {
        return PasswordFile.isNamed(password) ? Optional.of(DatabasePassword.class.getName()) : Optional.empty();
    }

    @Override
    public char[] getPassword(AuthenticationRequestType type) throws PSQLException {
        try {
            return PasswordFile.read(password).toCharArray();
        } catch (IOException e) {
            // Who mends the file needs no restart, so this is waited for like a server that is away.
            throw new PSQLException(e.getMessage(), PSQLState.CONNECTION_REJECTED, e);
        }
    }
}

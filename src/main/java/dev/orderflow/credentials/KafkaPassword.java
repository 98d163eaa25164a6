package dev.orderflow.credentials;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.auth.login.AppConfigurationEntry;
import org.apache.kafka.common.security.auth.AuthenticateCallbackHandler;
import org.apache.kafka.common.security.scram.ScramExtensionsCallback;

/** Tells Kafka's clients the password of each new connection, where the login's line names a file. */
public final class KafkaPassword implements AuthenticateCallbackHandler {

    private String user = "";
    private String password = "";

    /** Whether the login's line has {@code password="file:..."}. */
    static boolean isFor(Object jaas) {
        return jaas != null && jaas.toString().contains("password=\"" + PasswordFile.PREFIX);
    }

    @Override
    public void configure(Map<String, ?> configs, String mechanism, List<AppConfigurationEntry> logins) {
        Map<String, ?> login = logins.get(0).getOptions();
        user = (String) login.get("username");
        password = (String) login.get("password");
    }

    @Override
    public void handle(Callback[] callbacks) throws IOException, UnsupportedCallbackException {
        for (Callback callback : callbacks) {
            if (callback instanceof NameCallback name) {
                name.setName(user);
            } else if (callback instanceof PasswordCallback asked) {
                asked.setPassword(PasswordFile.read(password).toCharArray());
            } else if (!(callback instanceof ScramExtensionsCallback)) {
                throw new UnsupportedCallbackException(callback, "a password file serves SCRAM and PLAIN");
            }
        }
    }

    @Override
    public void close() {
        // It keeps nothing open.
    }
}

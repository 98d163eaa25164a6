package dev.orderflow.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orderflow.testing.CapturedLog;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** An outage is told once, by the service: the transaction's own classes write no stack traces beside it. */
class BrokenCommitLogTest {

    @Test
    void saysNothingOfACommitThatFindsNoConnectionAndOfItsRollback() {
        DataSource broken = proxy(DataSource.class, "getConnection", brokenConnection());
        try (var log = new CapturedLog()) {
            var template = new TransactionTemplate(new JdbcTransactionManager(broken));

            assertThatThrownBy(() -> template.executeWithoutResult(status -> {}))
                    .isInstanceOf(DataAccessResourceFailureException.class);

            assertThat(log.text()).doesNotContain("ERROR");
        }
    }

    /** The server ended the session in the middle of its transaction. */
    private static Connection brokenConnection() {
        return proxy(Connection.class, "", null);
    }

    private static <T> T proxy(Class<T> type, String answering, Object answer) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
                    if (method.getName().equals(answering)) {
                        return answer;
                    }
                    if (method.getName().equals("commit") || method.getName().equals("rollback")) {
                        throw new SQLException("terminating connection due to administrator command", "08006");
                    }
                    Class<?> returns = method.getReturnType();
                    return returns == boolean.class ? Boolean.TRUE : returns == int.class ? 0 : null;
                }));
    }
}

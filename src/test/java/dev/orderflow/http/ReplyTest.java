package dev.orderflow.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.jdbc.CannotGetJdbcConnectionException;

class ReplyTest {

    private final Exchange exchange = new DefaultExchange(new DefaultCamelContext());
    private final Reply reply = new Reply(exchange, done -> {});

    @Test
    void saysThatTheDatabaseDoesNotAnswerByWhomeverThatIsTold() {
        reply.fail(new CannotGetJdbcConnectionException(
                "no connection", new SQLTransientConnectionException("the pool is empty")));

        assertThat(status()).isEqualTo(503);
    }

    @Test
    void takesAWrongStatementForAFaultOfOurs() {
        reply.fail(new BadSqlGrammarException("read", "SELEC", new SQLException("syntax", "42601")));

        assertThat(status()).isEqualTo(500);
    }

    private int status() {
        return exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, Integer.class);
    }
}

package dev.orderflow.routes;

import java.lang.reflect.Proxy;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.sql.DataSource;

/**
 * What the pool takes its connections from where there is no PostgreSQL: it says what the test says, and knows of no
 * receipt.
 */
final class StubDatabase {

    /** @param parameters in their order; an array as {@code Object[]} */
    record Statement(String sql, List<Object> parameters) {

        Object[] array(int parameter) {
            return (Object[]) parameters.get(parameter - 1);
        }
    }

    @FunctionalInterface
    private interface Answering {
        Object answer(String method, Object[] arguments);
    }

    private final Journal journal;
    private volatile Function<Statement, List<List<Object>>> rows = statement -> List.of();

    StubDatabase(Journal journal) {
        this.journal = journal;
    }

    /** What a query finds; a query of receipts finds none. */
    void finds(Function<Statement, List<List<Object>>> found) {
        this.rows = found;
    }

    DataSource dataSource() {
        return stand(DataSource.class, (method, arguments) -> method.equals("getConnection") ? connection() : null);
    }

    private Connection connection() {
        return stand(Connection.class, (method, arguments) -> switch (method) {
            case "prepareStatement" -> statement((String) arguments[0]);
            case "createStatement" -> statement("");
            case "createArrayOf" -> array(arguments[1]);
            case "commit", "rollback" -> {
                journal.write(method);
                yield null;
            }
            case "isValid", "getAutoCommit" -> true;
            default -> null;
        });
    }

    private static Array array(Object elements) {
        return stand(Array.class, (method, arguments) -> method.equals("getArray") ? elements : null);
    }

    private PreparedStatement statement(String sql) {
        var parameters = new TreeMap<Integer, Object>();
        Supplier<Statement> statement = () -> {
            var made = new Statement(sql, Collections.unmodifiableList(new ArrayList<>(parameters.values())));
            journal.write(made);
            return made;
        };
        return stand(PreparedStatement.class, (method, arguments) -> switch (method) {
            case "setArray", "setString", "setObject", "setInt", "setLong" -> {
                parameters.put(
                        (Integer) arguments[0], arguments[1] instanceof Array array ? elements(array) : arguments[1]);
                yield null;
            }
            case "executeQuery" -> found(statement.get());
            case "executeUpdate" -> changed(statement.get());
            default -> null;
        });
    }

    private static Object elements(Array array) {
        try {
            return array.getArray();
        } catch (java.sql.SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private ResultSet found(Statement statement) {
        Iterator<List<Object>> found = statement.sql().contains("delivery.receipts")
                ? Collections.emptyIterator()
                : rows.apply(statement).iterator();
        var row = new Object() {
            List<Object> values = List.of();
        };
        return stand(ResultSet.class, (method, arguments) -> {
            if (method.equals("next")) {
                boolean has = found.hasNext();
                row.values = has ? found.next() : List.of();
                return has;
            }
            return method.startsWith("get") ? row.values.get((Integer) arguments[0] - 1) : null;
        });
    }

    /** As many rows as the first array has elements. */
    private static int changed(Statement statement) {
        return statement.parameters().stream()
                .filter(Object[].class::isInstance)
                .map(elements -> ((Object[]) elements).length)
                .findFirst()
                .orElse(1);
    }

    private static <T> T stand(Class<T> type, Answering answering) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    Object answer = answering.answer(method.getName(), arguments);
                    return answer == null ? nothing(method.getReturnType()) : answer;
                }));
    }

    private static Object nothing(Class<?> type) {
        if (type == boolean.class) {
            return false;
        }
        return type == int.class ? (Object) 0 : type == long.class ? (Object) 0L : null;
    }
}

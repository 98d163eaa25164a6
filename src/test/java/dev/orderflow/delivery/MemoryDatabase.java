package dev.orderflow.delivery;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.sql.Array;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import javax.sql.DataSource;

/**
 * The receipts of delivery in memory, with commit and rollback, and what a test says for every other query. It shows what
 * is decided, and nothing of how PostgreSQL takes it: that is the tests' that have one.
 */
final class MemoryDatabase {

    record Key(String service, UUID order, String event) {}

    record Row(boolean parked, int attempt, String outcome) {}

    /** @param sql as it was prepared */
    record Asked(String sql, List<Object> parameters) {}

    private static final Instant AT = Instant.parse("2026-11-22T10:00:00Z");

    final List<Asked> asked = new ArrayList<>();

    /** What was changed that is not about receipts. */
    final List<Asked> changes = new CopyOnWriteArrayList<>();

    /** Begun, committed and rolled back, in their order. */
    final List<String> transactions = new ArrayList<>();

    private Map<Key, Row> committed = new LinkedHashMap<>();
    private final Map<Key, Row> written = new LinkedHashMap<>();
    private volatile Function<Asked, List<List<Object>>> others = asked -> List.of();
    private SQLException failure;
    private int untilFailure;
    private int changed = 1;

    void receipt(String service, UUID order, String event, boolean parked, int attempt, String outcome) {
        committed.put(new Key(service, order, event), new Row(parked, attempt, outcome));
    }

    Row receipt(String service, UUID order, String event) {
        return committed.get(new Key(service, order, event));
    }

    /** What every query finds that is not about receipts. */
    void finds(Function<Asked, List<List<Object>>> rows) {
        others = rows;
    }

    /** From now on every change that is not about receipts finds no row. */
    void changesNothing() {
        changed = 0;
    }

    /** The statement about receipts that comes after so many fails with this. */
    void failsAfter(int statements, SQLException with) {
        failure = with;
        untilFailure = statements;
    }

    DataSource dataSource() {
        return stand(DataSource.class, (proxy, method, arguments) -> switch (method.getName()) {
            case "getConnection" -> connection();
            case "equals" -> proxy == arguments[0];
            case "hashCode" -> System.identityHashCode(proxy);
            default -> null;
        });
    }

    private Connection connection() {
        return stand(Connection.class, (proxy, method, arguments) -> switch (method.getName()) {
            case "prepareStatement" -> statement((String) arguments[0]);
            case "createStatement" -> statement("");
            case "createArrayOf" -> array(arguments[1]);
            case "commit" -> {
                transactions.add("commit");
                committed.putAll(written);
                written.clear();
                yield null;
            }
            case "rollback" -> {
                transactions.add("rollback");
                written.clear();
                yield null;
            }
            case "getMetaData" ->
                stand(
                        DatabaseMetaData.class,
                        (self, asked, of) -> asked.getReturnType() == String.class ? "PostgreSQL" : null);
            case "isValid", "getAutoCommit" -> true;
            default -> nothing(method.getReturnType());
        });
    }

    private static Array array(Object elements) {
        return stand(Array.class, (proxy, method, arguments) -> method.getName().equals("getArray") ? elements : null);
    }

    private Statement statement(String sql) {
        var parameters = new TreeMap<Integer, Object>();
        return stand(PreparedStatement.class, (proxy, method, arguments) -> {
            String name = method.getName();
            if (name.equals("setNull")) {
                parameters.put((Integer) arguments[0], null);
                return null;
            }
            if (name.equals("getParameterMetaData")) {
                return stand(ParameterMetaData.class, (self, asked, of) -> Types.VARCHAR);
            }
            if (name.equals("getConnection")) {
                return connection();
            }
            if (name.startsWith("set") && arguments.length > 1) {
                parameters.put(
                        (Integer) arguments[0],
                        arguments[1] instanceof Array array ? (Object[]) array.getArray() : arguments[1]);
                return null;
            }
            String text = arguments != null && arguments.length > 0 && arguments[0] instanceof String s ? s : sql;
            return switch (name) {
                case "executeQuery" -> rows(query(new Asked(text, new ArrayList<>(parameters.values()))));
                case "executeUpdate" -> update(new Asked(text, new ArrayList<>(parameters.values())));
                default -> nothing(method.getReturnType());
            };
        });
    }

    private List<List<Object>> query(Asked question) throws SQLException {
        if (!question.sql().contains("delivery.receipts")) {
            return others.apply(question);
        }
        note(question);
        String service = (String) question.parameters().get(0);
        if (question.sql().contains("EXISTS")) {
            return List.of(List.of(committed.entrySet().stream()
                    .anyMatch(row -> row.getKey().service().equals(service)
                            && !row.getValue().parked())));
        }
        Set<Object> orders =
                Set.copyOf(Arrays.asList((Object[]) question.parameters().get(1)));
        boolean at = question.sql().contains("r.outcome, r.at");
        return committed.entrySet().stream()
                .filter(row -> row.getKey().service().equals(service)
                        && orders.contains(row.getKey().order()))
                .map(row -> Arrays.<Object>asList(
                        row.getKey().order(),
                        row.getKey().event(),
                        row.getValue().parked(),
                        at ? row.getValue().outcome() : row.getValue().attempt(),
                        at ? AT.atOffset(ZoneOffset.UTC) : row.getValue().outcome()))
                .toList();
    }

    private int update(Asked update) throws SQLException {
        if (!update.sql().contains("INSERT INTO delivery.receipts")) {
            changes.add(update);
            return changed;
        }
        note(update);
        var columns = update.parameters();
        boolean takesOver = update.sql().contains("ON CONFLICT");
        Map<Key, Row> rows = new HashMap<>();
        for (int i = 0; i < ((Object[]) columns.get(1)).length; i++) {
            var key = new Key((String) columns.get(0), (UUID) at(columns, 1, i), (String) at(columns, 2, i));
            var row = new Row((Boolean) at(columns, 3, i), (Short) at(columns, 4, i), (String) at(columns, 5, i));
            var before = committed.get(key);
            if (before == null || takesOver && before.parked() && before.attempt() < row.attempt()) {
                rows.put(key, row);
            } else if (!takesOver) {
                throw new SQLException("duplicate key", "23505");
            }
        }
        written.putAll(rows);
        return rows.size();
    }

    private static Object at(List<Object> columns, int column, int row) {
        return ((Object[]) columns.get(column))[row];
    }

    private void note(Asked statement) throws SQLException {
        asked.add(statement);
        if (failure != null && untilFailure-- == 0) {
            throw failure;
        }
    }

    private static ResultSet rows(List<List<Object>> found) {
        Iterator<List<Object>> rows = found.iterator();
        var row = new Object() {
            List<Object> values = List.of();
            boolean wasNull;
        };
        return stand(ResultSet.class, (proxy, method, arguments) -> {
            if (method.getName().equals("next")) {
                boolean has = rows.hasNext();
                row.values = has ? rows.next() : List.of();
                return has;
            }
            if (method.getName().equals("getMetaData")) {
                return stand(ResultSetMetaData.class, (self, asked, of) -> row.values.size());
            }
            if (method.getName().equals("wasNull")) {
                return row.wasNull;
            }
            if (method.getName().startsWith("get") && arguments != null && arguments[0] instanceof Integer column) {
                Object value = row.values.get(column - 1);
                row.wasNull = value == null;
                return value;
            }
            return nothing(method.getReturnType());
        });
    }

    private static <T> T stand(Class<T> type, InvocationHandler answers) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    Object answer = answers.invoke(proxy, method, arguments);
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

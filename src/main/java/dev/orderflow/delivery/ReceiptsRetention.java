package dev.orderflow.delivery;

import dev.orderflow.settings.Retention;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes old receipts. While a record is in its topic it can be delivered again, so a receipt must outlive it.
 */
public class ReceiptsRetention {

    private static final Logger LOG = LoggerFactory.getLogger(ReceiptsRetention.class);
    private static final int ROWS_MAX = 10_000;
    private static final String DELETE = """
            DELETE FROM delivery.receipts WHERE ctid = ANY (ARRAY(
              SELECT ctid FROM delivery.receipts WHERE at < now() - make_interval(hours => ?) LIMIT ?))""";

    private DataSource dataSource;
    private int hours;
    private int topicHours;

    public void setDataSource(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** How long a receipt is kept, in hours; -1 forever. */
    public void setHours(int hours) {
        this.hours = hours;
    }

    /** Retention of the topics, in hours; -1 forever. */
    public void setTopicHours(int topicHours) {
        this.topicHours = topicHours;
    }

    /** Refuses a retention under which a record could outlive its receipt and be acted on again. */
    public void check() {
        Retention.RECEIPTS.fault(hours, topicHours).ifPresent(sentence -> {
            throw new IllegalArgumentException(sentence);
        });
    }

    /** Removes what is old, some rows at a time, so that no transaction is long. */
    public void removeOld() throws SQLException {
        if (hours < 0) {
            return;
        }
        long removed = 0;
        int rows;
        do {
            try (var connection = dataSource.getConnection();
                    var delete = connection.prepareStatement(DELETE)) {
                delete.setInt(1, hours);
                delete.setInt(2, ROWS_MAX);
                rows = delete.executeUpdate();
            }
            removed += rows;
        } while (rows == ROWS_MAX);
        if (removed > 0) {
            LOG.info("receipts: {} older than {} h removed", removed, hours);
        }
    }
}

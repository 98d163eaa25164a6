package dev.orderflow.delivery;

import org.slf4j.LoggerFactory;

/**
 * A bean type under the name that it had before. Folders of one's own hold copies of route files, so a name works for one
 * version more, and says how it is called now.
 */
public final class FormerName {

    private FormerName() {}

    /** @param former what extends the type and adds nothing */
    public static void of(Object former) {
        LoggerFactory.getLogger(FormerName.class)
                .warn(
                        "a route file names the bean type {}, which goes with the next version: write {}",
                        former.getClass().getName(),
                        former.getClass().getSuperclass().getName());
    }
}

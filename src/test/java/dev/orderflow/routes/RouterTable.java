package dev.orderflow.routes;

import java.util.Map;

/** What the router of a file must do: inputs in words, each with its outcome in words. */
interface RouterTable {

    Map<String, String> expected();

    /** What these routes do with the same inputs. */
    Map<String, String> outcomes(StagedRoutes staged) throws Exception;
}

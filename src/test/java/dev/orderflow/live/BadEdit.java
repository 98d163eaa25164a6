package dev.orderflow.live;

import java.util.List;

/** Edits that must be refused, of every kind: what is replaced in a shipped file, and what the refusal says. */
record BadEdit(String kind, String file, String found, String replacement, String sentence) {

    private static final String SHIPPING = "shipping.camel.yaml";
    private static final String NOTIFICATION = "notification.camel.yaml";
    private static final String INVENTORY = "inventory.camel.yaml";
    private static final String STATUS = "status.camel.yaml";

    static List<BadEdit> all() {
        return List.of(
                bad(
                        "syntax",
                        SHIPPING,
                        "    id: shipping\n",
                        "    id: shipping\n      description: [\n",
                        "this is no YAML"),
                bad("tab", STATUS, "    id: status\n", "\tid: status\n", "this is no YAML"),
                bad(
                        "unknown option",
                        NOTIFICATION,
                        "idempotentRepository:",
                        "idempotentRepo:",
                        "'idempotentConsumer' has no 'idempotentRepo' (did you mean 'idempotentRepository'?)"),
                bad("unknown step", SHIPPING, "- choice:", "- chioce:", "(did you mean 'choice'?)"),
                bad(
                        "short form",
                        INVENTORY,
                        "        - to:\n            uri: kafka",
                        "        - to: kafka",
                        "stands in short form"),
                bad(
                        "unknown route option",
                        INVENTORY,
                        "    description:",
                        "    descripton:",
                        "did you mean 'description'?"),
                bad(
                        "not a number",
                        INVENTORY,
                        "    id: inventory\n",
                        "    id: inventory\n    startupOrder: first\n",
                        "must be a number"),
                bad(
                        "missing bean",
                        SHIPPING,
                        "ref: parcels",
                        "ref: parcel",
                        "there is no bean 'parcel' (did you mean 'parcels'?)"),
                bad("missing bean in a bean", STATUS, "\"#bean:once\"", "\"#bean:onec\"", "did you mean 'once'?"),
                bad("missing class", INVENTORY, "inventory.Stock", "inventory.Stok", "not on the class path"),
                bad("missing method", INVENTORY, "method: reserve", "method: resreve", "did you mean 'reserve'?"),
                bad("missing property", INVENTORY, "dataSource: \"", "datasource: \"", "did you mean 'dataSource'?"),
                bad(
                        "missing placeholder",
                        SHIPPING,
                        "{{shipping.homeCountry}}",
                        "{{shipping.homeContry}}",
                        "there is no setting 'shipping.homeContry' (did you mean 'shipping.homeCountry'?)"),
                bad(
                        "unknown endpoint option",
                        STATUS,
                        "groupId: status",
                        "grupId: status",
                        "(did you mean 'groupId'?)"),
                bad(
                        "unknown component",
                        INVENTORY,
                        "uri: kafka:{{order-",
                        "uri: kafak:{{order-",
                        "did you mean 'kafka'?"),
                bad(
                        "component for tests",
                        INVENTORY,
                        "uri: kafka:{{order-",
                        "uri: mock:{{order-",
                        "no route may use the component 'mock', and the production build has none; there are bean,"),
                bad(
                        "no route behind",
                        NOTIFICATION,
                        "uri: direct:write-mail\n                          - to",
                        "uri: direct:write-mial\n                          - to",
                        "did you mean 'direct:write-mail'?"),
                bad(
                        "bad expression",
                        SHIPPING,
                        "${body.order.pieces} > 100",
                        "${body.order.pieces > 100",
                        "is no simple expression"),
                bad(
                        "duplicate id",
                        SHIPPING,
                        "    id: shipping\n",
                        "    id: inventory\n",
                        "route id 'inventory' stands in inventory.camel.yaml already"),
                bad(
                        "own route's id",
                        STATUS,
                        "    id: status\n",
                        "    id: list-routes\n",
                        "stands in Orderflow's own code already"),
                bad("house rule: group", STATUS, "groupId: status", "groupId: shipping", "its groupId is 'shipping'"),
                bad("house rule: batching", STATUS, "batching: true", "batching: false", "batching is not true"),
                bad("house rule: policy", INVENTORY, "        - policy:", "        - transacted:", "transacted"),
                bad(
                        "house rule: configuration",
                        INVENTORY,
                        "routeConfigurationId: delivery",
                        "routeConfigurationId: delivry",
                        "routeConfigurationId is 'delivry'"),
                bad("empty", INVENTORY, null, "", "the file is empty"),
                bad(
                        "bad SQL",
                        INVENTORY,
                        "              - bean:\n                  ref: stock",
                        "              - to:\n                  uri: sql:UPDATE inventory.stok SET reserved = 0\n              - bean:\n                  ref: stock",
                        "the database refuses this SQL: ERROR: relation \"inventory.stok\" does not exist"),
                bad(
                        "does not start",
                        INVENTORY,
                        "      type: dev.orderflow.inventory.Stock\n",
                        "      type: dev.orderflow.inventory.Stock\n      initMethod: toString2\n",
                        "did not start, so the version before it runs again"));
    }

    private static BadEdit bad(String kind, String file, String found, String replacement, String sentence) {
        return new BadEdit(kind, file, found == null ? "" : found, replacement, sentence);
    }

    /** The shipped file with this fault. */
    String yaml() {
        String shipped = RoutesInHand.shipped().get(file);
        return found.isEmpty() ? replacement : RoutesInHand.edited(shipped, found, replacement);
    }

    @Override
    public String toString() {
        return kind;
    }
}

package dev.orderflow.testing;

import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * Edits that must be refused, of every kind: what is replaced in a shipped file, and what the refusal says.
 *
 * @param at what the first line that the refusal may name has in it; empty for any line
 */
public record BadEdit(String kind, String file, String found, String replacement, String at, String sentence) {

    private static final String SHIPPING = "shipping.camel.yaml";
    private static final String NOTIFICATION = "notification.camel.yaml";
    private static final String INVENTORY = "inventory.camel.yaml";
    private static final String STATUS = "status.camel.yaml";

    public static List<BadEdit> all() {
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
                        "uri: direct:write-mail\n              - bean",
                        "uri: direct:write-mial\n              - bean",
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
                        "- beans:\n",
                        "- beans:\n    - name: young\n      type: dev.orderflow.delivery.ReceiptsRetention\n"
                                + "      initMethod: check\n      properties:\n        hours: 1\n        topicHours: 2\n",
                        "did not start, so the version before it runs again"),
                badAt("no id", SHIPPING, "    id: shipping\n", "", "- route:", "a route has no id"),
                badAt(
                        "only from",
                        INVENTORY,
                        null,
                        "- from:\n    uri: timer:beat\n    steps:\n      - log:\n          message: beat\n",
                        "- from:",
                        "'from' must not stand here, since it makes a route without an id: write '- route:'"),
                badAt(
                        "not true or false",
                        STATUS,
                        "batching: true",
                        "batching: \"yes\"",
                        "batching:",
                        "'batching' of kafka is 'yes', but must be true or false"),
                badAt(
                        "not a whole number",
                        NOTIFICATION,
                        "\"{{notification.batchRecordsMax}}\"",
                        "many",
                        "maxPollRecords:",
                        "'maxPollRecords' of kafka is 'many', but must be a whole number"),
                badAt(
                        "not a duration",
                        STATUS,
                        "        batching: true\n",
                        "        batching: true\n        pollTimeoutMs: soon\n",
                        "pollTimeoutMs:",
                        "'pollTimeoutMs' of kafka is 'soon', but must be a duration"),
                badAt(
                        "none of the words",
                        INVENTORY,
                        "              - bean:\n",
                        "              - to:\n                  uri: sql\n                  parameters:\n"
                                + "                    query: SELECT 1\n                    outputType: SelectTwo\n"
                                + "              - bean:\n",
                        "outputType:",
                        "'outputType' of sql is 'SelectTwo', but must be one of SelectOne, SelectList, StreamList"),
                badAt(
                        "not true or false in an address",
                        NOTIFICATION,
                        "uri: direct:write-mail\n              - bean",
                        "uri: direct:write-mail?block=maybe\n              - bean",
                        "uri: direct:write-mail?",
                        "'block' of direct is 'maybe', but must be true or false"),
                badAt(
                        "a step's duration",
                        INVENTORY,
                        "              - bean:\n                  ref: stock",
                        "              - split:\n                  stopOnException: true\n                  timeout: soon\n"
                                + "                  expression:\n                    simple:\n                      expression: ${body}\n"
                                + "                  steps: []\n              - bean:\n                  ref: stock",
                        "timeout:",
                        "'timeout' of 'split' is 'soon', but must be a duration"),
                badAt(
                        "a bean's number",
                        SHIPPING,
                        "        hears:",
                        "        parkedMax: ten\n        hears:",
                        "parkedMax:",
                        "property 'parkedMax' of bean 'shippingOnce' is 'ten', but must be a whole number"),
                badAt(
                        "method of a bean's life",
                        INVENTORY,
                        "inventory.Stock\n",
                        "inventory.Stock\n      initMethod: reserve\n",
                        "initMethod:",
                        "initMethod of bean 'stock' is 'reserve', but it has no such method without parameters"),
                badAt(
                        "missing method in an expression",
                        NOTIFICATION,
                        "method: recipient",
                        "method: recipent(${body})",
                        "method: recipent",
                        "bean 'mails' has no method 'recipent' (did you mean 'recipient'?)"),
                badAt(
                        "missing method in simple",
                        SHIPPING,
                        "${body.order.pieces} > 100",
                        "${bean:parcels.adress(${body})} > 100",
                        "expression: ${bean",
                        "bean 'parcels' has no method 'adress' (did you mean 'address'?)"),
                badAt(
                        "missing bean in simple",
                        SHIPPING,
                        "${body.order.pieces} > 100",
                        "${bean:parcel?method=address} > 100",
                        "expression: ${bean",
                        "there is no bean 'parcel' (did you mean 'parcels'?)"),
                badAt(
                        "missing method in an address",
                        INVENTORY,
                        "              - bean:\n                  ref: stock\n                  method: reserve\n",
                        "              - to:\n                  uri: bean:stock?method=resreve\n",
                        "uri: bean:stock",
                        "bean 'stock' has no method 'resreve' (did you mean 'reserve'?)"),
                badAt(
                        "too many parameters",
                        INVENTORY,
                        "method: reserve",
                        "method: reserve(${body}, 2)",
                        "method:",
                        "method 'reserve' of bean 'stock' takes 1 parameter, but is given 2"),
                badAt(
                        "no parameters",
                        INVENTORY,
                        "method: reserve",
                        "method: reserve()",
                        "method:",
                        "method 'reserve' of bean 'stock' takes 1 parameter, but is given none"),
                badAt(
                        "bean of another file",
                        INVENTORY,
                        "- beans:\n",
                        "- beans:\n    - name: parcels\n      type: dev.orderflow.shipping.Parcels\n",
                        "- name: parcels",
                        "bean 'parcels' stands in shipping.camel.yaml already"),
                badAt(
                        "step id twice",
                        INVENTORY,
                        "        - to:\n            uri: kafka:",
                        "        - to:\n            id: tell\n            uri: kafka:{{order-events.topic}}\n"
                                + "        - to:\n            id: tell\n            uri: kafka:",
                        "",
                        "step id 'tell' stands in this file already"));
    }

    private static BadEdit bad(String kind, String file, String found, String replacement, String sentence) {
        return badAt(kind, file, found, replacement, "", sentence);
    }

    private static BadEdit badAt(
            String kind, String file, String found, String replacement, String at, String sentence) {
        return new BadEdit(kind, file, found == null ? "" : found, replacement, at, sentence);
    }

    /** The line that the refusal names, where it says which. */
    public OptionalInt line() {
        var lines = yaml().lines().toList();
        return at.isEmpty()
                ? OptionalInt.empty()
                : IntStream.range(0, lines.size())
                        .filter(n -> lines.get(n).contains(at))
                        .map(n -> n + 1)
                        .findFirst();
    }

    /** The shipped file with this fault. */
    public String yaml() {
        String shipped = RoutesInHand.shipped().get(file);
        return found.isEmpty() ? replacement : RoutesInHand.edited(shipped, found, replacement);
    }

    @Override
    public String toString() {
        return kind;
    }
}

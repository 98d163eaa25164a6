package dev.orderflow.drill;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The product's routes as they are, with {@link DrilledOnce} in the place of the policy, and a service more: the
 * ledger, whose table has no key, so that a second effect shows as a second row.
 */
final class RouteFolder {

    static final String LEDGER_TABLE = """
            CREATE SCHEMA IF NOT EXISTS ledger;
            CREATE TABLE IF NOT EXISTS ledger.entry (order_id uuid NOT NULL, at timestamptz NOT NULL DEFAULT now())""";

    private static final String LEDGER = """
            - route:
                id: ledger
                description: Write a row for each order, once
                routeConfigurationId: delivery
                from:
                  uri: kafka:{{orders.topic}}
                  parameters:
                    groupId: ledger
                    batching: true
                  steps:
                    - policy:
                        ref: once
                        steps:
                          - split:
                              stopOnException: true
                              expression:
                                simple:
                                  expression: ${body}
                              steps:
                                - setHeader:
                                    name: order
                                    expression:
                                      simple:
                                        expression: ${body.orderId}
                                - to:
                                    uri: "sql:INSERT INTO ledger.entry(order_id) VALUES (CAST(:#order AS uuid))?dataSource=#bean:database"
            """;

    private RouteFolder() {}

    static Path write(Path folder) {
        try (var files = Files.list(Path.of("routes-yaml"))) {
            Files.createDirectories(folder);
            for (Path file :
                    files.filter(f -> f.toString().endsWith(".camel.yaml")).toList()) {
                String text = Files.readString(file)
                        .replace("type: dev.orderflow.delivery.Once\n", "type: " + DrilledOnce.class.getName() + "\n");
                Files.writeString(folder.resolve(file.getFileName()), text);
            }
            Files.writeString(folder.resolve("ledger.camel.yaml"), LEDGER);
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

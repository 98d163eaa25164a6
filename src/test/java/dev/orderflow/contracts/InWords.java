package dev.orderflow.contracts;

import java.util.List;

/**
 * What openapi.json says in words, because a schema cannot: calls that its schemas allow and that are refused all the same.
 * Each row is played, so that none stays here without need; calls that are made at random keep to all of them.
 *
 * @param why the reason
 * @param json the body
 */
record InWords(String why, String operation, String pathAndQuery, String json, int status) {

    private static final String ORDER = """
            {"customer":{"id":"c-1","email":"ada@example.com"},\
            "shipTo":{"name":"Ada","street":"Main St 1","city":"Berlin","postalCode":"10115","country":"DE"},\
            "currency":"EUR","lines":[{"sku":"mug-blue","quantity":2,"unitPrice":"12.50"}],"reference":"PO 7"}""";

    static final List<InWords> ALL = List.of(
            order("mail must be able to go there: RFC 5322 and IDNA", "ada@example.com", "ada@127.0.0.1"),
            order("ISO 4217 is a list, which changes", "EUR", "ZZZ"),
            order("ISO 3166-1 is a list, which changes", "DE", "ZZ"),
            order("a postal code may be missing for countries that have none", ",\"postalCode\":\"10115\"", ""),
            order(
                    "each sku stands once",
                    "\"12.50\"}",
                    "\"12.50\"},{\"sku\":\"mug-blue\",\"quantity\":2,\"unitPrice\":\"1\"}"),
            order("no text of an address is of spaces alone", "Main St 1", " "),
            order("no text of an address has control characters", "Main St 1", "a\\nb"),
            order("a reference is not of spaces alone", "PO 7", " "),
            order("a reference has no control characters", "PO 7", "a\\u0085b"),
            operation("each operation has its own members", "{\"operation\":\"rewind\",\"service\":\"shipping\"}"),
            operation(
                    "each operation has its own members",
                    "{\"operation\":\"pause\",\"service\":\"shipping\",\"to\":\"beginning\"}"),
            operation(
                    "a rewind goes to one of three forms",
                    "{\"operation\":\"rewind\",\"service\":\"shipping\",\"to\":\"yesterday\"}"),
            operation(
                    "at most 1,000,000 offsets are skipped at once",
                    "{\"operation\":\"skip\",\"service\":\"shipping\",\"partition\":\"a-1\",\"first\":0,\"last\":1000000}"),
            redrive("at most setting redrive.attemptsMax", "{\"filter\":{\"service\":\"x\"},\"maxAttempts\":6}"),
            redrive("a corrected body is for one id", "{\"filter\":{\"service\":\"x\"},\"body\":\"{}\"}"),
            new InWords("a cursor is one that a page gave", "GET /orders", "/orders?cursor=x", "", 400),
            new InWords("a cursor is one that a page gave", "GET /inventory", "/inventory?cursor=x", "", 400),
            new InWords("a cursor is one that a page gave", "GET /dead-letters", "/dead-letters?cursor=x", "", 400),
            // RFC 3986, 5.2.4: the segment goes, however it is encoded.
            new InWords(
                    "a sku that is a dot cannot stand in a path", "GET /inventory/{sku}", "/inventory/%2E", "", 404),
            new InWords(
                    "a sku that is a dot cannot stand in a path",
                    "PUT /inventory/{sku}",
                    "/inventory/.",
                    "{\"onHand\":1}",
                    404));

    private static InWords order(String why, String found, String other) {
        if (!ORDER.contains(found)) {
            throw new IllegalArgumentException("The order does not hold " + found);
        }
        return new InWords(why, "POST /orders", "/orders", ORDER.replace(found, other), 422);
    }

    private static InWords operation(String why, String json) {
        return new InWords(why, "POST /operations", "/operations", json, 422);
    }

    private static InWords redrive(String why, String json) {
        return new InWords(why, "POST /dead-letters/redrive", "/dead-letters/redrive", json, 422);
    }
}

package dev.orderflow.intake;

import static dev.orderflow.events.Orders.REQUEST;
import static dev.orderflow.events.Orders.utf8;

import dev.orderflow.events.Orders;
import dev.orderflow.events.SpoiltBytes;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

/** Kinds of requests that are wrong, as bytes on the wire, each made by a seeded random hand. */
enum Malformed {
    BROKEN_JSON {
        @Override
        byte[] request(Random random) {
            return order(utf8(REQUEST.substring(0, 1 + random.nextInt(REQUEST.length() - 1))));
        }
    },
    /** Cuts, flips and tokens anywhere; a few of them are orders all the same. */
    SPOILT_BYTES(Answer.ANY) {
        @Override
        byte[] request(Random random) {
            return order(SpoiltBytes.of(random, utf8(REQUEST)));
        }
    },
    BROKEN_UTF8 {
        @Override
        byte[] request(Random random) {
            String broken = one(
                    random, "\u00ff", "\u00c0\u0080", "\u00ed\u00a0\u0080", "\u00f5\u0080\u0080\u0080", "\u00e2\u0082");
            return order((with("\"Ada ", "\"" + broken)).getBytes(StandardCharsets.ISO_8859_1));
        }
    },
    DEEP_NESTING {
        @Override
        byte[] request(Random random) {
            int levels = 17 + random.nextInt(20_000);
            return order(utf8(with("\"PO 7\"", one(random, "[", "{\"a\":").repeat(levels))));
        }
    },
    HUGE_NUMBER {
        @Override
        byte[] request(Random random) {
            String digits = "9".repeat(5 + random.nextInt(20_000));
            return order(
                    utf8(with(": 2,", ": " + one(random, digits, "-" + digits, "1e" + digits, "0." + digits) + ",")));
        }
    },
    HUGE_STRING(Answer.REFUSED_OR_CUT) {
        @Override
        byte[] request(Random random) {
            return order(utf8(
                    with("PO 7", one(random, "x", "\\u0000", "\ud83d\ude00").repeat(500 + random.nextInt(60_000)))));
        }
    },
    WRONG_TYPE {
        @Override
        byte[] request(Random random) {
            String value =
                    one(random, "\"c-42\"", "\"GB\"", "\"EUR\"", "\"TEA-1\"", "\"12.50\"", "\"PO 7\"", "\"London\"");
            return order(
                    utf8(with(value, one(random, "null", "true", "7", "-1.5", "[]", "{}", "[\"x\"]", "{\"x\":1}"))));
        }
    },
    UNKNOWN_FIELD {
        @Override
        byte[] request(Random random) {
            String name = one(
                    random, mixed(random, one(random, INJECTED)), "orderId", "placedAt", "", "\\u0000", "__proto__");
            return order(utf8(before(place(random), "\"%s\": %s, ".formatted(name, one(random, "1", "\"x\"", "{}")))));
        }
    },
    DUPLICATE_KEY {
        @Override
        byte[] request(Random random) {
            String member = one(
                    random,
                    "\"currency\": \"EUR\", ",
                    "\"lines\": [], ",
                    "\"customer\": {}, ",
                    "\"reference\": \"x\", ");
            return order(utf8(before("\"customer\"", member)));
        }
    },
    INJECTED_HEADER {
        @Override
        byte[] request(Random random) {
            return post("/orders", JSON + injected(random), broken(random));
        }
    },
    INJECTED_QUERY {
        @Override
        byte[] request(Random random) {
            return post("/orders?" + query(random), JSON, broken(random));
        }
    },
    /** Nothing else is wrong, so it is an order like any other: under its own key, with our headers and no more. */
    INJECTED_INTO_A_GOOD_ONE(Answer.ACCEPTED) {
        @Override
        byte[] request(Random random) {
            return post("/orders?" + query(random), JSON + injected(random), utf8(REQUEST));
        }
    },
    FORM_POST {
        @Override
        byte[] request(Random random) {
            String type = one(
                    random,
                    "application/x-www-form-urlencoded",
                    "multipart/form-data; boundary=x",
                    "text/plain",
                    ";",
                    "a/b/c");
            String body = one(
                    random,
                    "customer=c-1&lines=2",
                    "--x\r\nContent-Disposition: form-data; name=\"f\"\r\n\r\n1\r\n--x--",
                    REQUEST);
            return post("/orders", "Content-Type: " + type + "\r\n", utf8(body));
        }
    },
    OTHER_PATH_OR_METHOD {
        @Override
        byte[] request(Random random) {
            String path = one(
                    random,
                    "/",
                    "/order",
                    "/ORDERS",
                    "/orders%2F",
                    "/orders/1/2",
                    "/..%2f..%2fetc/passwd",
                    "/orders\u0001");
            return bytes(
                    one(random, "PUT", "DELETE", "PATCH", "POST") + " " + path + " HTTP/1.1\r\n" + HOST + JSON,
                    utf8(REQUEST));
        }
    },
    BAD_CHUNKS(Answer.REFUSED_OR_CUT) {
        @Override
        byte[] request(Random random) {
            String chunks = one(
                    random,
                    "zz\r\n{}\r\n0\r\n\r\n",
                    "-5\r\n{}\r\n0\r\n\r\n",
                    "ffffffffffffffff\r\n{}\r\n0\r\n\r\n",
                    "2\r\n{}{}{}\r\n0\r\n\r\n",
                    "2\r\n{}\r\n0\r\nkafka.KEY: 1\r\n\r\n",
                    "5\r\n{\"cus\r\n0\r\n\r\n",
                    "0\r\n\r\n");
            return utf8("POST /orders HTTP/1.1\r\n" + HOST + JSON + "Transfer-Encoding: chunked\r\n\r\n" + chunks);
        }
    },
    CONFLICTING_LENGTHS(Answer.REFUSED_OR_CUT) {
        @Override
        byte[] request(Random random) {
            int length = REQUEST.length();
            String lengths = one(
                    random,
                    "Content-Length: %d\r\nContent-Length: %d\r\n"
                            .formatted(length, length - 1 - random.nextInt(length)),
                    "Content-Length: %d\r\nTransfer-Encoding: chunked\r\n".formatted(length),
                    "Transfer-Encoding: chunked\r\nContent-Length: %d\r\n".formatted(length),
                    "Content-Length: -1\r\n",
                    "Content-Length: 1e3\r\n",
                    "Content-Length: 99999999999999999999\r\n",
                    "Content-Length: %d\r\n".formatted(random.nextInt(length)));
            return utf8("POST /orders HTTP/1.1\r\n" + HOST + JSON + lengths + "\r\n" + REQUEST);
        }
    },
    /** The sender goes before its body has ended. */
    HALF_SENT(Answer.REFUSED_OR_CUT) {
        @Override
        byte[] request(Random random) {
            byte[] whole = order(utf8(REQUEST));
            return Arrays.copyOf(whole, 1 + random.nextInt(whole.length - 1));
        }
    },
    /** The sender says no more, and stays. */
    SLOW(Answer.REFUSED_OR_CUT) {
        @Override
        byte[] request(Random random) {
            return HALF_SENT.request(random);
        }
    };

    /** What may come back. */
    enum Answer {
        /** A problem. */
        REFUSED,
        /** A problem, or none where the connection itself is spoilt. */
        REFUSED_OR_CUT,
        ACCEPTED,
        ANY
    }

    private static final String HOST = "Host: x\r\nConnection: close\r\n";
    private static final String JSON = "Content-Type: application/json\r\n";
    private static final String[] INJECTED = {
        "kafka.OVERRIDE_TOPIC",
        "kafka.OVERRIDE_TIMESTAMP",
        "kafka.KEY",
        "kafka.PARTITION_KEY",
        "kafka.TOPIC",
        "CamelKafkaTopic",
        "CamelKafkaKey",
        "CamelKafkaOverrideTopic",
        "CamelHttpPath",
        "CamelHttpUri",
        "CamelFileName",
        "ce_id",
        "orderflow-redrive-service"
    };

    final Answer answer;

    Malformed() {
        this(Answer.REFUSED);
    }

    Malformed(Answer answer) {
        this.answer = answer;
    }

    abstract byte[] request(Random random);

    private static byte[] order(byte[] body) {
        return post("/orders", JSON, body);
    }

    private static byte[] post(String path, String headers, byte[] body) {
        return bytes("POST " + path + " HTTP/1.1\r\n" + HOST + headers, body);
    }

    private static byte[] bytes(String head, byte[] body) {
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes(utf8(head + "Content-Length: " + body.length + "\r\n\r\n"));
        bytes.writeBytes(body);
        return bytes.toByteArray();
    }

    private static byte[] broken(Random random) {
        return utf8(one(random, "", "{", "[]", REQUEST.substring(1), with("\"EUR\"", "\"eur\"")));
    }

    private static String injected(Random random) {
        return mixed(random, one(random, INJECTED)) + ": elsewhere\r\n" + mixed(random, one(random, INJECTED))
                + ": 2\r\n";
    }

    private static String query(Random random) {
        return mixed(random, one(random, INJECTED)) + "=elsewhere&" + mixed(random, one(random, INJECTED)) + "=2";
    }

    /** The request with something else in the place of {@code found}, which must be there. */
    private static String with(String found, String replacement) {
        return Orders.replaced(REQUEST, found, replacement);
    }

    private static String before(String found, String inserted) {
        return with(found, inserted + found);
    }

    private static String place(Random random) {
        return one(random, "\"customer\"", "\"id\"", "\"street\"", "\"sku\": \"TEA-1\"");
    }

    private static String one(Random random, String... choices) {
        return choices[random.nextInt(choices.length)];
    }

    private static String mixed(Random random, String name) {
        var mixed = new StringBuilder();
        for (char c : name.toCharArray()) {
            mixed.append(random.nextBoolean() ? Character.toUpperCase(c) : Character.toLowerCase(c));
        }
        return mixed.toString();
    }
}

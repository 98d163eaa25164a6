package dev.orderflow.events;

import static dev.orderflow.events.MemberRules.GOOD;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.orderflow.events.Order.Address;
import dev.orderflow.events.Order.Customer;
import dev.orderflow.events.Order.Line;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** Reads the objects that an order has in it: its customer, its address and its lines. */
abstract class SectionReader extends MemberReader {

    // A member's bit in `seen` is its place here.
    private static final List<String> CUSTOMER = List.of("id", "email");
    private static final List<String> ADDRESS = List.of("name", "street", "city", "postalCode", "country");
    private static final List<String> LINE = List.of("sku", "quantity", "unitPrice");
    private static final int POSTAL_CODE = 3;
    private static final int COUNTRY = 4;
    private static final int POSTAL_CODE_MAX = 16;

    /** Stands for a value that was violated already. */
    private static final String WRONG = "?";

    Customer customer = new Customer("", "");
    Address shipTo = new Address("", "", "", "", "");
    List<Line> lines = List.of();

    SectionReader(JsonParser parser, Mode mode) {
        super(parser, mode);
    }

    final void customer() throws IOException {
        if (!isObject("customer")) {
            return;
        }
        section = "/customer";
        int seen = 0;
        String id = "";
        String email = "";
        for (String name = member(); !name.isEmpty(); name = member()) {
            switch (name) {
                case "id" -> {
                    seen = once(seen, 0, CUSTOMER);
                    id = text(name);
                    check(name, MemberRules.token("customer id", id, 64));
                }
                case "email" -> {
                    seen = once(seen, 1, CUSTOMER);
                    email = text(name);
                    check(name, mode == Mode.RECORD ? MemberRules.acceptedEmail(email) : MemberRules.email(email));
                }
                default -> unknown(name);
            }
        }
        required(seen, CUSTOMER, CUSTOMER.size());
        customer = new Customer(id, email);
        section = "";
    }

    final void shipTo() throws IOException {
        if (!isObject("shipTo")) {
            return;
        }
        section = "/shipTo";
        int seen = 0;
        var values = new String[] {"", "", "", "", ""};
        for (String name = member(); !name.isEmpty(); name = member()) {
            int place = ADDRESS.indexOf(name);
            if (place < 0) {
                unknown(name);
                continue;
            }
            seen = once(seen, place, ADDRESS);
            values[place] = addressPart(name);
        }
        if (values[POSTAL_CODE].isEmpty()) {
            if (!MemberRules.hasPostalCodes(values[COUNTRY])) {
                seen |= 1 << POSTAL_CODE;
                values[POSTAL_CODE] = Order.NO_POSTAL_CODE;
            } else if ((seen & 1 << POSTAL_CODE) != 0) {
                violate("postalCode", MemberRules.text("postalCode", "", POSTAL_CODE_MAX));
            }
        }
        required(seen, ADDRESS, ADDRESS.size());
        shipTo = new Address(values[0], values[1], values[2], values[3], values[4]);
        section = "";
    }

    private String addressPart(String name) throws IOException {
        if (name.equals("postalCode")) {
            // Whether one is needed is known by the country, which may follow.
            String code = text(name);
            check(name, code.isEmpty() ? GOOD : MemberRules.text(name, code, POSTAL_CODE_MAX));
            return wrongType ? WRONG : code;
        }
        if (!name.equals("country")) {
            return plain(name, 120);
        }
        String country = text(name);
        check(name, mode == Mode.RECORD ? MemberRules.acceptedCountry(country) : MemberRules.country(country));
        return country;
    }

    final void lines() throws IOException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            violate("lines", "lines must be an array, but was " + found());
            parser.skipChildren();
            return;
        }
        var read = new ArrayList<Line>(4);
        int count = 0;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (count++ >= MemberRules.LINES_MAX) {
                parser.skipChildren();
                continue;
            }
            line = count - 1;
            line(read);
        }
        line = NOT_IN_A_LINE;
        lines = List.copyOf(read);
        if (count < 1 || count > MemberRules.LINES_MAX) {
            violate("lines", "lines must have 1 to %d entries, but had %d".formatted(MemberRules.LINES_MAX, count));
        }
    }

    private void line(List<Line> read) throws IOException {
        if (!isObject("")) {
            return;
        }
        int seen = 0;
        String sku = "";
        int quantity = 0;
        BigDecimal unitPrice = BigDecimal.ZERO;
        for (String name = member(); !name.isEmpty(); name = member()) {
            switch (name) {
                case "sku" -> {
                    seen = once(seen, 0, LINE);
                    sku = text(name);
                    check(name, MemberRules.token("sku", sku, 40));
                    if (!wrongType && isIn(read, sku)) {
                        violate(
                                name,
                                "a sku may stand in an order once, but " + MemberRules.quoted(sku) + " came again");
                    }
                }
                case "quantity" -> {
                    seen = once(seen, 1, LINE);
                    quantity = quantity();
                }
                case "unitPrice" -> {
                    seen = once(seen, 2, LINE);
                    unitPrice = unitPrice();
                }
                default -> unknown(name);
            }
        }
        required(seen, LINE, LINE.size());
        read.add(new Line(sku, quantity, unitPrice));
    }

    // They are few: a look at each is cheaper than a set.
    private static boolean isIn(List<Line> read, String sku) {
        for (Line line : read) {
            if (line.sku().equals(sku)) {
                return true;
            }
        }
        return false;
    }
}

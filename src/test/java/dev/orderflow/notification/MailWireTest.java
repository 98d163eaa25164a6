package dev.orderflow.notification;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orderflow.events.Event;
import dev.orderflow.events.MailAddress;
import dev.orderflow.events.MailAddress.NoMailAddressException;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.net.IDN;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.commons.validator.routines.EmailValidator;
import org.junit.jupiter.api.Test;

/** What stands on the wire, byte by byte, and which addresses two readers that are not ours take. */
class MailWireTest {

    private static final int GENERATED = 500;

    /** Labels of domains with what IDNA makes of them; the last four mean another one to the IDNA of 2003. */
    private static final Map<String, String> LABELS = new LinkedHashMap<>();

    static {
        for (String label : List.of(
                "example",
                "mail-1",
                "a",
                "x9",
                "müller",
                "例え",
                "пример",
                "münchen",
                "한국",
                "ไทย",
                "bücher",
                "παράδειγμα")) {
            LABELS.put(label, IDN.toASCII(label));
        }
        LABELS.put("straße", "xn--strae-oqa");
        LABELS.put("faß", "xn--fa-hia");
        LABELS.put("βόλος", "xn--nxasmm1c");
        LABELS.put("MÜLLER", "xn--mller-kva");
    }

    private static final List<String> ATOMS = List.of(
            "ada",
            "a",
            "A.b",
            "o'neill",
            "x+tag",
            "!#$%&'*+-/=?^_`{|}~",
            "7",
            "ł",
            "čapek",
            "用户",
            "Ċ",
            "č",
            "ō",
            "ĝĊč",
            "ñandú");

    /** By hand: what was typed, and the path that the RFCs make of it. */
    private static final Map<String, String> BY_HAND = new LinkedHashMap<>();

    static {
        BY_HAND.put("a..b@docomo.ne.jp", "\"a..b\"@docomo.ne.jp");
        BY_HAND.put(".a@docomo.ne.jp", "\".a\"@docomo.ne.jp");
        BY_HAND.put("a.@docomo.ne.jp", "\"a.\"@docomo.ne.jp");
        BY_HAND.put("\"a..b\"@docomo.ne.jp", "\"a..b\"@docomo.ne.jp");
        BY_HAND.put("\"ada\"@example.com", "ada@example.com");
        BY_HAND.put("ada@xn--mller-kva.de", "ada@xn--mller-kva.de");
        BY_HAND.put("ada@r3---sn.example.com", "ada@r3---sn.example.com");
        BY_HAND.put("ada@例え。テスト", "ada@xn--r8jz45g.xn--zckzah");
        BY_HAND.put("ADA@EXAMPLE.COM", "ADA@EXAMPLE.COM");
        BY_HAND.put("a@b.museum", "a@b.museum");
        BY_HAND.put("postmaster@localhost", "postmaster@localhost");
        BY_HAND.put("čapek@example.cz", "čapek@example.cz");
        BY_HAND.put("用户@例え.jp", "用户@xn--r8jz45g.jp");
    }

    /** By hand: where no mail can go. */
    private static final List<String> REFUSED = List.of(
            "ada",
            "@example.com",
            "ada@",
            "ada@example.com.",
            "ada@.com",
            "ada@a..b",
            "ada@exa_mple.com",
            "ada@-a.com",
            "ada@a-.com",
            "ada@127.0.0.1",
            "ada@[127.0.0.1]",
            "ada@[IPv6:::1]",
            "ada@xn--a",
            "a b@example.com",
            " ada@example.com",
            "ada@example.com ",
            "a,b@example.com",
            "<ada@example.com>",
            "Ada <ada@example.com>",
            "a@b@example.com",
            "\"a b\"@example.com",
            "\"a@b\"@example.com",
            "a\\b@example.com",
            "a(b)@example.com",
            "a\u0000b@example.com",
            "a\r\nRCPT TO:<eve@example.com>@example.com",
            "a\u2028@example.com",
            "a\u202e@example.com",
            "ada@a\u00adb c.com",
            "a".repeat(65) + "@example.com",
            "ada@" + "a".repeat(64) + ".com");

    /** Where a reader may differ from ours, and the section that decides. */
    private enum Difference {
        /** RFC 5321, 4.1.2: what an atom cannot hold goes in quotes. Jakarta Mail takes dots in no other place than atoms. */
        DOTS(a -> !a.startsWith("\"") && (a.contains("..") || a.startsWith(".") || a.contains(".@"))),
        /** RFC 5321, 4.1.2 lets quotes hold blanks and specials; the door takes none, since most are slips. */
        QUOTED(a -> a.startsWith("\"")),
        /** RFC 5321, 4.1.3: an address literal. No customer has one, and its server is no name. */
        LITERAL(a -> a.endsWith("]")),
        /** RFC 5321, 2.3.5 with RFC 1123, 2.1: letters, digits and hyphens, not at the ends, 63 at most. */
        HOST_NAME(
                a -> domain(a)
                        .matches(
                                "(?s).*[^\\p{L}\\p{M}\\p{N}.。-].*|-.*|.*[.]-.*|.*-[.].*|.*-|.*[.]|.*\\.\\..*|.*[^.]{64}.*|[0-9.]+")),
        /** RFC 5891, 5.4: an A-label must be one. */
        A_LABEL(a -> domain(a).contains("xn--")),
        /** RFC 5321, 4.5.3.1.1: 64 octets. */
        LENGTH(a -> a.substring(0, a.lastIndexOf('@')).getBytes(UTF_8).length > 64),
        /** RFC 5321, 2.3.5 has no list of top-level domains. commons-validator has. */
        TOP_LEVEL(a -> true),
        /** RFC 5892 counts letters with marks as letters; commons-validator knows the IDNA of 2003. */
        IDNA_2003(a -> domain(a).chars().anyMatch(c -> c > 0x7f)),
        /** RFC 5322, 3.2.2: comments and names beside the address; the door wants the address alone. */
        PHRASE(a -> a.contains("<") || a.contains("(")),
        /** RFC 5321, 4.1.2 has a backslash in quotes alone. */
        BACKSLASH(a -> a.contains("\\")),
        /** RFC 5322, 3.4.1 lets blanks stand around an address; the door wants the address alone. */
        BLANKS(a -> !a.equals(a.strip())),
        /** RFC 6532, 3.2 takes any UTF-8; line separators and marks of direction would be shown as something else. */
        INVISIBLE(a -> a.chars().anyMatch(c -> c == 0x2028 || c == 0x202e));

        final Predicate<String> explains;

        Difference(Predicate<String> explains) {
            this.explains = explains;
        }

        static String domain(String address) {
            return address.substring(address.lastIndexOf('@') + 1);
        }
    }

    private final Random random = new Random();

    @Test
    void writesWhatTheRfcsSayBehindRcptTo() throws MessagingException {
        var expected = new LinkedHashMap<>(BY_HAND);
        expected.putAll(generated());
        try (var server = new RawMailServer(List.of("SMTPUTF8", "8BITMIME"), command -> "");
                Transport transport = connect(server)) {
            for (String address : expected.keySet()) {
                send(transport, address, "Your order");
            }

            var paths = server.commands().stream()
                    .filter(command -> command.startsWith("RCPT"))
                    .map(command -> new String(command.getBytes(ISO_8859_1), UTF_8))
                    .toList();
            assertThat(paths)
                    .isEqualTo(expected.values().stream()
                            .map(path -> "RCPT TO:<" + path + ">")
                            .toList());
            var senders = server.commands().stream()
                    .filter(command -> command.startsWith("MAIL"))
                    .toList();
            var ascii = expected.keySet().stream().map(this::isAscii).toList();
            for (int i = 0; i < ascii.size(); i++) {
                assertThat(senders.get(i).endsWith(" SMTPUTF8")).isEqualTo(!ascii.get(i));
            }
        }
    }

    /** RFC 6531, 3.2: to a server that does not offer it, no byte of such an address is sent. */
    @Test
    void sendsNothingThatTheServerDoesNotOfferToTake() throws MessagingException {
        try (var server = new RawMailServer(List.of("8BITMIME"), command -> "");
                Transport transport = connect(server)) {
            for (String address : List.of("ł@example.com", "čapek@example.cz", "Ċ@example.com")) {
                assertThatThrownBy(() -> send(transport, address, "Your order"))
                        .isInstanceOf(UnreachableRecipientException.class)
                        .hasMessageContaining("SMTPUTF8")
                        .hasMessageNotContaining("example");
            }
            send(transport, "ada@müller.de", "Your order");

            assertThat(server.accepted()).containsExactly("ada@xn--mller-kva.de");
            assertThat(server.commands()).filteredOn(c -> c.startsWith("RCPT")).hasSize(1);
        }
    }

    @Test
    void noHeaderEndsBeforeItsTime() throws MessagingException {
        try (var server = new RawMailServer(List.of("SMTPUTF8"), command -> "");
                Transport transport = connect(server)) {
            send(
                    transport,
                    "čapek@example.cz",
                    "For \u010d\u010aBcc: eve@example.com\r\nBcc: mallory@example.com\u2028\u0085x");

            assertThat(server.texts()).singleElement().satisfies(text -> {
                assertThat(text.split("\r\n\r\n")[0].lines()).noneMatch(line -> line.startsWith("Bcc"));
                assertThat(text.replace("\r\n", "")).doesNotContain("\r").doesNotContain("\n");
                assertThat(new String(text.getBytes(ISO_8859_1), UTF_8)).contains("To: čapek@example.cz\r\n");
            });
        }
    }

    /** RFC 5322, 2.1 and 2.3: lines end with CRLF, also in a file. */
    @Test
    void anEmlFileIsOneByRfc5322() throws Exception {
        for (String address : List.of("ada@müller.de", "čapek@example.cz")) {
            String text = new String(new Mails().bytes(mail(address, "Für čapek")), UTF_8);

            assertThat(text.replace("\r\n", "")).doesNotContain("\r").doesNotContain("\n");
            assertThat(text)
                    .contains("\r\n\r\nTwo\r\nlines")
                    .contains("To: " + MailAddress.of(address).wire() + "\r\n");
            assertThat(text.lines())
                    .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(998));
            assertThat(text.chars().anyMatch(c -> c > 0x7f)).isEqualTo(address.startsWith("č"));
        }
    }

    @Test
    void twoOtherReadersTakeTheSameButForWhatTheTableSays() {
        var others = EmailValidator.getInstance(true, true);
        var addresses =
                Stream.of(BY_HAND.keySet(), REFUSED, generated().keySet()).flatMap(some -> some.stream());

        addresses.forEach(address -> {
            boolean ours = isTaken(address);
            assertThat(ours).as(address).isEqualTo(!REFUSED.contains(address));
            for (var other : Map.of(
                            "Jakarta Mail", isTakenByJakarta(address), "commons-validator", others.isValid(address))
                    .entrySet()) {
                if (other.getValue() != ours) {
                    assertThat(Stream.of(Difference.values())
                                    .filter(difference -> difference != Difference.TOP_LEVEL
                                            || other.getKey().equals("commons-validator") && ours)
                                    .anyMatch(difference -> difference.explains.test(address)))
                            .as("%s takes '%s': %s, and no section says why"
                                    .formatted(other.getKey(), address, other.getValue()))
                            .isTrue();
                }
            }
        });
    }

    /** Addresses from a grammar, each with its path. */
    private Map<String, String> generated() {
        long seed = Long.getLong("mail.seed", System.nanoTime());
        System.out.println("mail.seed = " + seed);
        random.setSeed(seed);
        Map<String, String> generated = new LinkedHashMap<>();
        while (generated.size() < GENERATED) {
            List<String> atoms = new ArrayList<>();
            for (int i = random.nextInt(3); i >= 0; i--) {
                atoms.add(ATOMS.get(random.nextInt(ATOMS.size())));
            }
            List<String> labels = new ArrayList<>();
            List<String> wire = new ArrayList<>();
            var all = List.copyOf(LABELS.keySet());
            for (int i = random.nextInt(3); i >= 0; i--) {
                labels.add(all.get(random.nextInt(all.size())));
                wire.add(LABELS.get(labels.get(labels.size() - 1)));
            }
            boolean mapped = labels.stream().anyMatch(label -> label.chars().anyMatch(c -> c > 0x7f));
            String local = String.join(".", atoms);
            // UTS 46 maps every label of a domain that it has to look at.
            generated.put(
                    local + '@' + String.join(".", labels) + ".com",
                    local + '@'
                            + (mapped
                                    ? String.join(".", wire).toLowerCase(java.util.Locale.ROOT)
                                    : String.join(".", wire))
                            + ".com");
        }
        return generated;
    }

    private boolean isAscii(String address) {
        try {
            return MailAddress.of(address).isAscii();
        } catch (NoMailAddressException e) {
            throw new IllegalStateException(address, e);
        }
    }

    private static boolean isTaken(String address) {
        try {
            MailAddress.of(address);
            return true;
        } catch (NoMailAddressException e) {
            return false;
        }
    }

    private static boolean isTakenByJakarta(String address) {
        try {
            new InternetAddress(address, true).validate();
            return true;
        } catch (AddressException e) {
            return false;
        }
    }

    private static Transport connect(RawMailServer server) throws MessagingException {
        Transport transport = Session.getInstance(new Properties()).getTransport("smtp");
        transport.connect("127.0.0.1", server.port(), null, null);
        assertThat(transport).isInstanceOf(Utf8Transport.class);
        return transport;
    }

    private static void send(Transport transport, String address, String subject) throws MessagingException {
        MimeMessage mail = mail(address, subject);
        transport.sendMessage(mail, mail.getAllRecipients());
    }

    private static MimeMessage mail(String address, String subject) throws MessagingException {
        var mails = new Mails();
        mails.setFrom("orders@orderflow.example");
        var event = new Event(UUID.randomUUID(), Event.ORDER_PLACED, Instant.EPOCH, null);
        return mails.compose(event, "Two\nlines", subject, address);
    }
}

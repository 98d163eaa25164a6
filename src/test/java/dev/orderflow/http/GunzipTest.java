package dev.orderflow.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orderflow.http.Gunzip.NoGzipException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GunzipTest {

    private static final byte[] MEMBER = gzip("[1]\n");

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 64, 1_000})
    void readsAMemberHoweverItComes(int part) throws NoGzipException {
        byte[] text = "an order a line\n".repeat(10_000).getBytes(UTF_8);

        assertThat(read(gzip(new String(text, UTF_8)), part)).isEqualTo(text);
    }

    /** Found by fuzzing: a second member that ends as the first does, and stands in one slice with its end. */
    @ParameterizedTest
    @ValueSource(ints = {1, 7, 64, 1_000})
    void refusesTheSameMemberTwice(int part) {
        assertThatThrownBy(() -> read(joined(MEMBER, MEMBER), part)).hasMessageContaining("More follows");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 64, 1_000})
    void refusesAnyByteBehindAMember(int part) {
        byte[] trailer = Arrays.copyOfRange(MEMBER, MEMBER.length - 8, MEMBER.length);

        assertThatThrownBy(() -> read(joined(MEMBER, new byte[1]), part)).hasMessageContaining("More follows");
        assertThatThrownBy(() -> read(joined(joined(MEMBER, new byte[1]), trailer), part))
                .hasMessageContaining("More follows");
    }

    @Test
    void refusesWhatIsCutAndWhatIsNone() {
        for (int length = 0; length < MEMBER.length; length++) {
            byte[] cut = Arrays.copyOf(MEMBER, length);
            assertThatThrownBy(() -> read(cut, 1_000)).isInstanceOf(NoGzipException.class);
        }
        byte[] spoilt = MEMBER.clone();
        spoilt[MEMBER.length - 8]++;
        assertThatThrownBy(() -> read(spoilt, 1_000)).hasMessageContaining("not gzip");
    }

    private static byte[] read(byte[] packed, int part) throws NoGzipException {
        var out = new ByteArrayOutputStream();
        try (var gunzip = new Gunzip()) {
            for (int from = 0; from < packed.length; from += part) {
                byte[] some = Arrays.copyOfRange(packed, from, Math.min(packed.length, from + part));
                for (int at = 0; at < some.length; ) {
                    at = gunzip.take(some, at, bytes -> {
                        out.writeBytes(bytes);
                        return false;
                    });
                }
            }
            gunzip.end();
        }
        return out.toByteArray();
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] joined = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, joined, first.length, second.length);
        return joined;
    }

    private static byte[] gzip(String text) {
        var bytes = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}

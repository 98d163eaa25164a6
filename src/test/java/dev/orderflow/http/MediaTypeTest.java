package dev.orderflow.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MediaTypeTest {

    private static final String JSON = "application/json";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json",
                " Application/JSON ",
                "application/json;",
                "application/json; charset",
                "application/json; charset=utf-8",
                "application/json; CharSet=\"UTF8\"",
                "application/json;v=1; charset = us-ascii ",
                "application/json;charset=ascii",
                "application/json; profile=latin1",
            })
    void readsABodyOfTheTypeWhateverItsOtherParameters(String found) {
        assertThat(MediaType.wrong(JSON, found)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "text/plain | another",
                "application/jsonp | another",
                "; application/json | another",
                "application/json; a=b, text/plain | another",
                "application/json; charset=latin1 | a charset other than UTF-8",
                "application/json; a=b; charset=utf-16 | a charset other than UTF-8",
                "application/json; charset= | a charset other than UTF-8",
                "application/json; charset=utf-8; charset=latin1 | a charset other than UTF-8",
            })
    void refusesABodyThatItWouldReadAmiss(String found, String told) {
        var problem = MediaType.wrong(JSON, found).orElseThrow();

        assertThat(problem.status()).isEqualTo(415);
        assertThat(problem.detail()).contains(JSON).endsWith("it came with " + told + ".");
    }

    @Test
    void refusesABodyWithoutType() {
        assertThat(MediaType.wrong(JSON, null).orElseThrow().detail()).endsWith("it came with no Content-Type.");
    }

    @Test
    void joinsTheLinesOfAHeaderAsOneList() {
        var headers = MultiMap.caseInsensitiveMultiMap()
                .add("one", "a")
                .add("several", "a")
                .add("several", "b, c");

        assertThat(MediaType.list(headers, "none")).isNull();
        assertThat(MediaType.list(headers, "One")).isEqualTo("a");
        assertThat(MediaType.list(headers, "several")).isEqualTo("a, b, c");
    }

    @ParameterizedTest
    @CsvSource({
        "application/json, true",
        "'application/json;q=1', true",
        "' APPLICATION/json ; a=b', true",
        "';application/json', false",
        "application/json2, false",
        "'', false",
    })
    void tellsTheTypeFromItsParameters(String header, boolean is) {
        assertThat(MediaType.is(JSON, header)).isEqualTo(is);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {
                "none, false, true",
                "'', false, true",
                "' ', false, true",
                "gzip, true, true",
                "' GZip ', true, true",
                "X-gzip, true, true",
                "identity, false, true",
                "' Identity ', false, true",
                "br, false, false",
                "'gzip, gzip', false, false",
            })
    void readsGzipAndWhatIsNotEncoded(String encoding, boolean gzip, boolean read) {
        assertThat(MediaType.isGzip(encoding)).isEqualTo(gzip);
        assertThat(MediaType.wrongEncoding(encoding).isEmpty()).isEqualTo(read);
    }

    @Test
    void namesTheEncodingThatItReads() {
        assertThat(MediaType.wrongEncoding("br").orElseThrow().headers()).containsEntry("Accept-Encoding", "gzip");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "none | true",
                "' ' | true",
                "application/json | true",
                "Application/JSON | true",
                "application/* | true",
                "*/* | true",
                "* | true",
                "text/html | false",
                "text/* | false",
                "application | false",
                "app/* | false",
                "text/html, application/json | true",
                "application/json, text/html | true",
                "application/json;q=0 | false",
                "application/json; q=0.001 | true",
                "application/json; Q=0 | false",
                "application/json; q= 0.0 | false",
                "application/json; a=b; q=0 | false",
                "application/json; q=0; q=1 | false",
                "application/json; a=0 | true",
                // What is no quality counts as none given.
                "application/json; q=high | true",
                "application/json; q=-1 | true",
                "application/json; q=7 | true",
                "application/json; q=1 | true",
                // The most precise range counts, wherever it stands.
                "application/json;q=0, */* | false",
                "*/*, application/json;q=0 | false",
                "application/*;q=0, */*;q=1 | false",
                "*/*;q=0, application/* | true",
                "application/*;q=0, application/json | true",
                "application/json, application/*;q=0 | true",
                // Of the same range twice the better one does.
                "application/json;q=0, application/json | true",
                "application/json, application/json;q=0 | true",
                "*/*;q=0, *;q=0 | false",
                "*/*;q=0, * | true",
                "text/html, text/plain;q=1 | false",
            })
    void letsAnAnswerThroughThatTheClientAccepts(String accept, boolean passes) {
        assertThat(MediaType.accepts(accept, JSON)).isEqualTo(passes);
    }
}

package dev.orderflow.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpHeaderFilterTest {

    private final HttpHeaderFilter filter = new HttpHeaderFilter();

    @ParameterizedTest
    @ValueSource(strings = {"a", "z", "A", "Z", "0", "9", "-", "Prefer", "If-None-Match", "X-Camel", "camera", "kafk"})
    void letsPlainNamesIn(String name) {
        assertThat(isLeftOutOfTheMessage(name)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "CamelHttpUri",
                "cAMELfileName",
                "camel",
                "kafka-Topic",
                "KAFKA",
                "breadcrumbId",
                "BreadCrumb",
                "kafka.TOPIC",
                "org.apache.camel",
                "a_b",
                "a b",
                // Beside each range of letters and digits.
                "`",
                "{",
                "@",
                "[",
                "/",
                ":",
                ",",
                ".",
                "-é",
            })
    void leavesOutWhatAComponentWouldObey(String name) {
        assertThat(isLeftOutOfTheMessage(name)).isTrue();
    }

    @Test
    void leavesOutNamesLongerThan64() {
        assertThat(isLeftOutOfTheMessage("x".repeat(64))).isFalse();
        assertThat(isLeftOutOfTheMessage("x".repeat(65))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Location", "ETAG", "retry-after", "Content-Disposition"})
    void letsTheHeadersOfOurAnswersOut(String name) {
        assertThat(filter.applyFilterToCamelHeaders(name, "x", null)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"CamelHttpResponseCode", "Content-Type", "Set-Cookie", "Host", ""})
    void keepsAnyOtherHeaderInside(String name) {
        assertThat(filter.applyFilterToCamelHeaders(name, "x", null)).isTrue();
    }

    private boolean isLeftOutOfTheMessage(String name) {
        return filter.applyFilterToExternalHeaders(name, "x", null);
    }
}

package dev.orderflow.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The drill with broken products runs rarely; that each can still be made is asked with every build. */
class MutationTest {

    @ParameterizedTest
    @EnumSource
    void eachStillFindsItsPlaceInTheProduct(Mutation mutation, @TempDir Path folder) {
        assertThat(mutation.compile(folder)).isNotEmptyDirectory();
    }
}

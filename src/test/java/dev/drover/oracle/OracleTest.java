package dev.drover.oracle;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.drover.testing.Engine;
import dev.drover.testing.Integration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every run of made schemas, routes and writers must end with everything delivered, a refusal or a halt before a loss.
 * To see one run again: {@code -Doracle.engine=H2 -Doracle.seed=SEED -Doracle.runs=1} with the tests tagged full;
 * {@code -Doracle.matching='.*mode LOCK.*'} runs those alone whose dimensions match.
 */
@Integration
class OracleTest {

    private static final long SEED = 411;
    private static final int FEW = 3;
    private static final int MANY = 300;

    @ParameterizedTest
    @EnumSource
    void shouldLoseNothingWhenAFewSourcesAreRead(Engine engine) throws Exception {
        new OracleSuite(engine).run(SEED, FEW);
    }

    @Tag("full")
    @ParameterizedTest
    @EnumSource
    void shouldLoseNothingWhenManySourcesAreRead(Engine engine) throws Exception {
        assumeTrue(System.getProperty("oracle.engine", engine.name()).equals(engine.name()));
        new OracleSuite(engine).run(Long.getLong("oracle.seed", SEED), Integer.getInteger("oracle.runs", MANY));
    }
}

package dev.drover;

import dev.drover.testing.Engine;
import dev.drover.testing.Integration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.Arguments;

/** The same on each engine in each form. */
@Tag("full")
@Integration
class SchemaChangeEverywhereTest extends SchemaChangeTest {

    static Stream<Arguments> everywhere() {
        return Stream.of(Engine.values())
                .flatMap(engine -> Stream.of(PipelineForm.values()).map(form -> Arguments.of(engine, form)));
    }
}

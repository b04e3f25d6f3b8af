package dev.drover;

import dev.drover.testing.Database;
import dev.drover.testing.Integration;
import org.junit.jupiter.api.Tag;

@Tag("full")
@Integration
class ShortOnPostgresTest extends AcceptanceSuite {

    @Override
    Database database() {
        return Database.postgres();
    }

    @Override
    PipelineForm form() {
        return PipelineForm.SHORT;
    }
}

package dev.drover;

import dev.drover.testing.Database;
import org.junit.jupiter.api.Tag;

@Tag("full")
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

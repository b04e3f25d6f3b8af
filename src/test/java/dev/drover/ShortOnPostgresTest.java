package dev.drover;

import org.junit.jupiter.api.Tag;
import dev.drover.testing.Database;

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

package dev.drover;

import dev.drover.testing.Database;
import org.junit.jupiter.api.Tag;

@Tag("full")
class ShortOnMariaDbTest extends AcceptanceSuite {

    @Override
    Database database() {
        return Database.mariaDb();
    }

    @Override
    PipelineForm form() {
        return PipelineForm.SHORT;
    }
}

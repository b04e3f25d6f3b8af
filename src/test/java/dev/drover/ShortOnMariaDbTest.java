package dev.drover;

import org.junit.jupiter.api.Tag;
import dev.drover.testing.Database;

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

package dev.drover;

import dev.drover.testing.Database;
import dev.drover.testing.Integration;
import org.junit.jupiter.api.Tag;

@Tag("full")
@Integration
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

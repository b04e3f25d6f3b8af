package dev.drover;

import dev.drover.testing.Database;
import dev.drover.testing.Integration;

@Integration
class OrdersOnPostgresTest extends AcceptanceSuite {

    @Override
    Database database() {
        return Database.postgres();
    }

    @Override
    PipelineForm form() {
        return PipelineForm.READ_STEP;
    }
}

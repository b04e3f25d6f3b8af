package dev.drover;

import dev.drover.testing.Database;
import dev.drover.testing.Integration;

@Integration
class OrdersOnMariaDbTest extends AcceptanceSuite {

    @Override
    Database database() {
        return Database.mariaDb();
    }

    @Override
    PipelineForm form() {
        return PipelineForm.READ_STEP;
    }
}

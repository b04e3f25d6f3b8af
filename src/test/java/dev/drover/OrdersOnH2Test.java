package dev.drover;

import dev.drover.testing.Database;
import dev.drover.testing.Integration;

@Integration
class OrdersOnH2Test extends AcceptanceSuite {

    @Override
    Database database() {
        return Database.h2();
    }

    @Override
    PipelineForm form() {
        return PipelineForm.READ_STEP;
    }
}

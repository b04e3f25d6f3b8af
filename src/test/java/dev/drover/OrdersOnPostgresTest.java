package dev.drover;

import dev.drover.testing.Database;

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

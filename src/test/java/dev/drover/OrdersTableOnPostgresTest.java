package dev.drover;

import dev.drover.testing.Database;

class OrdersTableOnPostgresTest extends AcceptanceSuite {

    @Override
    Database database() {
        return Database.postgres();
    }

    @Override
    PipelineForm form() {
        return PipelineForm.TABLE;
    }
}

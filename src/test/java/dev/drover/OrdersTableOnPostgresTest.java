package dev.drover;

import dev.drover.testing.Database;
import dev.drover.testing.Integration;

@Integration
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

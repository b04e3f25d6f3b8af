package dev.drover;

import dev.drover.testing.Database;

class ShortOnH2Test extends AcceptanceSuite {

    @Override
    Database database() {
        return Database.h2();
    }

    @Override
    PipelineForm form() {
        return PipelineForm.SHORT;
    }
}

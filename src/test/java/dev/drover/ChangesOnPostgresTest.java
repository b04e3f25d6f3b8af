package dev.drover;

import dev.drover.testing.Database;
import dev.drover.testing.Integration;

@Integration
class ChangesOnPostgresTest extends ChangesSuite {

    @Override
    Database database() {
        return Database.postgres();
    }
}

package dev.drover;

import dev.drover.testing.Database;
import dev.drover.testing.Integration;

@Integration
class ChangesOnMariaDbTest extends ChangesSuite {

    @Override
    Database database() {
        return Database.mariaDb();
    }
}

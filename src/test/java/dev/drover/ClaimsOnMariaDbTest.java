package dev.drover;

import dev.drover.testing.Database;
import dev.drover.testing.Integration;

@Integration
class ClaimsOnMariaDbTest extends ClaimSuite {

    @Override
    Database database() {
        return Database.mariaDb();
    }
}

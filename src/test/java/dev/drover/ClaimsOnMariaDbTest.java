package dev.drover;

import dev.drover.testing.Database;

class ClaimsOnMariaDbTest extends ClaimSuite {

    @Override
    Database database() {
        return Database.mariaDb();
    }
}

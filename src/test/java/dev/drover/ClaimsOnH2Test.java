package dev.drover;

import dev.drover.testing.Database;
import dev.drover.testing.Integration;

@Integration
class ClaimsOnH2Test extends ClaimSuite {

    @Override
    Database database() {
        return Database.h2();
    }
}

package dev.drover.deadletter;

import dev.drover.batch.Batch;
import dev.drover.batch.Parking;
import dev.drover.ledger.InContext;
import dev.drover.ledger.Ledger;
import dev.drover.ledger.Recovery;
import dev.drover.ledger.Sha256;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.support.CamelContextHelper;

/**
 * Parks the records of addresses that do not accept, and delivers them when these accept again. The owner of a pipeline
 * learns from the store what is parked before it reads its first page. Needs the bean {@code store}. Thread-safe.
 */
public final class ParkedRecords extends InContext implements Parking, Recovery {

    private final Map<String, ParkedLanes> pipelines = new ConcurrentHashMap<>();

    @Override
    public boolean recover(Ledger ledger) throws SQLException {
        if (knows(ledger)) {
            return true; // another recovery has failed, and all are tried again
        }
        CamelContext running = context();
        DataSource store = CamelContextHelper.mandatoryLookup(running, "store", DataSource.class);
        ParkedLanes lanes = new ParkedLanes(running, store, ledger);
        ParkedLanes before = pipelines.remove(ledger.pipeline());
        if (before != null) {
            before.stop();
        }
        if (!lanes.take()) {
            return false;
        }
        pipelines.put(ledger.pipeline(), lanes);
        return true;
    }

    @Override
    public boolean knows(Ledger ledger) {
        return of(ledger).isPresent();
    }

    @Override
    public boolean isBehind(Batch batch, String route) {
        return of(batch.ledger())
                .filter(lanes -> lanes.isParked(lane(batch, route)))
                .isPresent();
    }

    @Override
    public boolean park(Batch batch, Place to, int limit) {
        return of(batch.ledger()).orElseThrow().park(lane(batch, to.route()), batch, to, limit);
    }

    private Optional<ParkedLanes> of(Ledger ledger) {
        return Optional.ofNullable(pipelines.get(ledger.pipeline())).filter(lanes -> lanes.isOf(ledger));
    }

    /** A hash, because an address may be long, and may have values of a row. */
    private static String lane(Batch batch, String route) {
        return new Sha256().add(route).add(batch.attempts().lane().orElse("")).hex(32);
    }
}

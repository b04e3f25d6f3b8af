package dev.drover.audit;

import dev.drover.config.Consistency;
import dev.drover.ledger.Age;
import dev.drover.ledger.AuditResult;
import dev.drover.ledger.Periodic;
import dev.drover.ledger.SegmentSize;
import dev.drover.ledger.Trace;
import dev.drover.lint.LoadedPipeline;
import dev.drover.lint.LoadedRoutes;
import dev.drover.pages.PagesComponent;
import dev.drover.pages.Pipeline;
import dev.drover.store.Receipts;
import dev.drover.store.Traces;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.support.CamelContextHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Audits the pipelines of this process in the background, one at a time, each when its last audit is old enough. It also
 * passes the result of an audit by another process to the pipeline, and deletes old receipts. This is the bean
 * {@code audit}.
 */
public final class Auditing implements SegmentSize {

    private static final Logger LOG = LoggerFactory.getLogger(Auditing.class);
    private static final Duration TICK = Duration.ofSeconds(10);

    private static final Duration HOUR = Duration.ofHours(1);
    private static final int LEAST = 100;
    private static final int MOST = 100_000;

    /** What was settled just now is left to the next audit: a row may still be read late on purpose. */
    private static final Duration YOUNG = Duration.ofMinutes(1);

    /** The time of a failed audit by pipeline, by {@link System#nanoTime}. The next try and log line are an hour later. */
    private final Map<String, Long> failed = new ConcurrentHashMap<>();

    private Duration interval = Duration.ofDays(1);
    private Duration kept = Duration.ofDays(14);
    private int segment = 10_000;
    private boolean repairs;

    /** Delivers rows that an audit has set aside. */
    @FunctionalInterface
    public interface Repair {

        /** Returns whether all that were set aside in this pipeline are delivered. */
        boolean deliver(String pipeline) throws Exception;
    }

    /**
     * How much time lies between two audits of a pipeline: {@code 1d} by default, {@code 0} for none in the background.
     *
     * @throws IllegalArgumentException if it is no age
     */
    public void setInterval(String text) {
        interval = Age.of("drover.audit.interval", text, "for no audit in the background");
    }

    /**
     * For how long receipts are kept: {@code 14d} by default, {@code 0} for ever.
     *
     * @throws IllegalArgumentException if it is no age
     */
    public void setRetention(String text) {
        kept = Age.of("drover.audit.retention", text, "for ever");
    }

    /**
     * After how many rows a segment ends: 10,000 by default.
     *
     * @throws IllegalArgumentException if it is less than 100 or more than 100,000
     */
    public void setSegment(int rows) {
        if (rows < LEAST || rows > MOST) {
            throw new IllegalArgumentException(
                    "drover.audit.segment: " + rows + " is not allowed, it must be from " + LEAST + " to " + MOST);
        }
        segment = rows;
    }

    @Override
    public int segment() {
        return segment;
    }

    /** Whether rows that a background audit misses are delivered at once, as by {@code audit --repair}; false by default. */
    public void setRepair(boolean repair) {
        repairs = repair;
    }

    /** Begins in a context that has the bean, and ends with it. */
    public static void start(CamelContext context, Repair repair) throws Exception {
        Auditing bean = context.getRegistry().lookupByNameAndType("audit", Auditing.class);
        if (bean != null) {
            Receipts receipts = new Receipts(store(context));
            context.addService(new Periodic(context, "audit", TICK, () -> bean.auditAll(context, receipts, repair)));
            context.addService(new Periodic(context, "receipts", HOUR, () -> bean.deleteOld(context, receipts)));
        }
    }

    /** Audits all pipelines of a context that have receipts, when they have ended. */
    public static List<AuditReport> all(CamelContext context) throws SQLException {
        List<AuditReport> reports = new ArrayList<>();
        for (Pipeline pipeline : pipelines(context)) {
            audit(context, pipeline).ifPresent(reports::add);
        }
        return reports;
    }

    /**
     * Audits the ended pipelines whose mode may pass over a row that is committed late. A source that cannot be audited is
     * left out.
     *
     * @return the reports of those that have passed over a row
     */
    public static List<AuditReport> passedOver(CamelContext context) throws SQLException {
        List<AuditReport> reports = new ArrayList<>();
        for (Pipeline pipeline : pipelines(context)) {
            Consistency mode = pipeline.config().consistency();
            if (mode == Consistency.STATIC || mode == Consistency.LAG) {
                try {
                    audit(context, pipeline)
                            .filter(report -> report.missing() > 0)
                            .ifPresent(reports::add);
                } catch (IllegalArgumentException e) {
                    LOG.info("{}: whether rows were committed late is not known: {}", pipeline.name(), e.getMessage());
                }
            }
        }
        return reports;
    }

    private static Optional<AuditReport> audit(CamelContext context, Pipeline pipeline) throws SQLException {
        Optional<LoadedPipeline> loaded = loaded(context, pipeline);
        return loaded.isEmpty()
                ? Optional.empty()
                : Optional.of(new Audit(loaded.get().form(), store(context), () -> true, false).run(Audit.Range.ALL));
    }

    private static List<Pipeline> pipelines(CamelContext context) {
        return context.getComponent("pages", PagesComponent.class).pipelines().stream()
                .filter(pipeline -> pipeline.ledger().settlement().inOrder() && pipeline.epoch() > 0)
                .toList();
    }

    /** The source of a pipeline; empty if it cannot be audited. */
    private static Optional<LoadedPipeline> loaded(CamelContext context, Pipeline pipeline) {
        return LoadedRoutes.pipelines(context).stream()
                .filter(each -> each.name().equals(pipeline.name()))
                .filter(each -> Audit.obstacle(each.form()).isEmpty())
                .findFirst();
    }

    private static DataSource store(CamelContext context) {
        return CamelContextHelper.mandatoryLookup(context, "store", DataSource.class);
    }

    private void deleteOld(CamelContext context, Receipts receipts) {
        Duration traced = Trace.of(context).kept();
        Traces traces = new Traces(store(context));
        for (Pipeline pipeline : pipelines(context)) {
            if (!kept.isZero()) {
                receipts.deleteOlderThan(pipeline.name(), kept);
            }
            if (!traced.isZero()) {
                traces.deleteOlderThan(pipeline.name(), traced);
            }
        }
    }

    void auditAll(CamelContext context, Receipts receipts, Repair repair) {
        for (Pipeline pipeline : pipelines(context)) {
            try {
                auditIfDue(pipeline, context, receipts, repair);
            } catch (Exception e) {
                // The other pipelines are still audited.
                LOG.warn("{}: cannot be audited now: {}", pipeline.name(), e.getMessage());
            }
        }
    }

    private void auditIfDue(Pipeline pipeline, CamelContext context, Receipts receipts, Repair repair)
            throws Exception {
        Optional<AuditResult> last = told(pipeline, receipts);
        if (interval.isZero()
                || last.filter(found -> found.age().compareTo(interval) < 0).isPresent()) {
            return;
        }
        Long failure = failed.get(pipeline.name());
        boolean rests = failure != null && System.nanoTime() - failure < HOUR.toNanos();
        Optional<LoadedPipeline> loaded = loaded(context, pipeline);
        if (rests || loaded.isEmpty()) {
            return;
        }
        Duration lag = pipeline.config().consistency() == Consistency.LAG
                ? pipeline.config().lag().multipliedBy(3)
                : Duration.ZERO;
        BooleanSupplier goesOn =
                () -> context.isRunAllowed() && pipeline.lease().isHeld();
        try {
            AuditReport report = new Audit(loaded.get().form(), store(context), goesOn, true)
                    .run(new Audit.Range(null, null, YOUNG.plus(lag)));
            if (repairs && !report.missed().isEmpty()) {
                told(pipeline, receipts);
                repair(report, receipts, repair);
            }
        } catch (SQLException | RuntimeException e) {
            failed.put(pipeline.name(), System.nanoTime());
            throw e;
        }
        told(pipeline, receipts)
                .filter(AuditResult::fault)
                .ifPresent(found -> LOG.error("{}: an audit found: {}", pipeline.name(), found.text()));
    }

    /** The alarm stays, and says what was done, until the next audit finds no fault. */
    private static void repair(AuditReport report, Receipts receipts, Repair repair) throws Exception {
        receipts.setAside(report.pipeline(), report.missed());
        boolean all = repair.deliver(report.pipeline());
        String done = report.missed().size()
                + (all ? " delivered by the repair" : " set aside by the repair, and not all delivered");
        receipts.audited(report.pipeline(), AuditResult.write(report.summary() + "; " + done, true, report.parts()));
    }

    /** The last result in the store, which the pipeline knows from now on. */
    private static Optional<AuditResult> told(Pipeline pipeline, Receipts receipts) {
        Optional<AuditResult> found = receipts.lastAudit(pipeline.name());
        found.ifPresent(pipeline.ledger().faults()::audited);
        return found;
    }
}

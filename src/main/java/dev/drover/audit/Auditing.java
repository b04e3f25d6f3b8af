package dev.drover.audit;

import dev.drover.config.Consistency;
import dev.drover.ledger.Age;
import dev.drover.ledger.AuditResult;
import dev.drover.ledger.JavaError;
import dev.drover.lint.LoadedPipeline;
import dev.drover.lint.LoadedRoutes;
import dev.drover.pages.PagesComponent;
import dev.drover.pages.Pipeline;
import dev.drover.store.Receipts;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.support.CamelContextHelper;
import org.apache.camel.support.service.ServiceSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Audits the pipelines that run in this process, the bean {@code audit}: on a thread of its own, one after the other, when
 * the last audit of one is old enough. It also tells a pipeline what an audit of another process has found, and deletes
 * old receipts.
 */
public final class Auditing extends ServiceSupport {

    private static final Logger LOG = LoggerFactory.getLogger(Auditing.class);
    private static final long TICK_SECONDS = 10;

    /** What was settled just now is left to the next audit: a row may still be read late on purpose. */
    private static final Duration YOUNG = Duration.ofMinutes(1);

    private Duration interval = Duration.ofDays(1);
    private Duration kept = Duration.ofDays(14);
    private @Nullable CamelContext context;
    private @Nullable ScheduledExecutorService thread;

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

    /** Begins in a context that has the bean, and ends with it. */
    public static void start(CamelContext context) throws Exception {
        Auditing bean = context.getRegistry().lookupByNameAndType("audit", Auditing.class);
        if (bean != null) {
            bean.context = context;
            context.addService(bean);
        }
    }

    @Override
    protected void doStart() {
        CamelContext running = context;
        if (running != null) {
            thread = running.getExecutorServiceManager().newSingleThreadScheduledExecutor(this, "audit");
            ScheduledFuture<?> unused = thread.scheduleWithFixedDelay(
                    JavaError.told(() -> pipelines(running).forEach(this::look)),
                    TICK_SECONDS,
                    TICK_SECONDS,
                    TimeUnit.SECONDS);
            ScheduledFuture<?> unusedToo = thread.scheduleWithFixedDelay(
                    JavaError.told(() -> pipelines(running).forEach(this::deleteOld)), 0, 1, TimeUnit.HOURS);
        }
    }

    @Override
    protected void doStop() {
        if (thread != null && context != null) {
            context.getExecutorServiceManager().shutdownNow(thread);
            thread = null;
        }
    }

    /** Audits all pipelines of a context that have receipts, now. */
    public static List<AuditReport> all(CamelContext context) throws SQLException {
        List<AuditReport> reports = new ArrayList<>();
        for (Pipeline pipeline : pipelines(context)) {
            Optional<LoadedPipeline> loaded = loaded(context, pipeline);
            if (loaded.isPresent()) {
                reports.add(new Audit(loaded.get().form(), store(context), () -> true).run(Audit.Range.ALL));
            }
        }
        return reports;
    }

    private static List<Pipeline> pipelines(CamelContext context) {
        return context.getComponent("pages", PagesComponent.class).pipelines().stream()
                .filter(pipeline -> pipeline.ledger().settlement().inOrder() && pipeline.epoch() > 0)
                .toList();
    }

    private static Optional<LoadedPipeline> loaded(CamelContext context, Pipeline pipeline) {
        return LoadedRoutes.pipelines(context).stream()
                .filter(each -> each.name().equals(pipeline.name()))
                .findFirst();
    }

    private static DataSource store(CamelContext context) {
        return CamelContextHelper.mandatoryLookup(context, "store", DataSource.class);
    }

    private void deleteOld(Pipeline pipeline) {
        CamelContext running = context;
        if (running == null || kept.isZero()) {
            return;
        }
        try {
            new Receipts(store(running)).deleteOlderThan(pipeline.name(), kept);
        } catch (RuntimeException e) {
            LOG.warn("{}: old receipts cannot be deleted now: {}", pipeline.name(), e.getMessage());
        }
    }

    private void look(Pipeline pipeline) {
        CamelContext running = context;
        if (running == null || isStoppingOrStopped()) {
            return;
        }
        try {
            look(pipeline, running, new Receipts(store(running)));
        } catch (SQLException | RuntimeException e) {
            // An exception that leaves this method would end all later looks.
            LOG.warn("{}: cannot be audited now: {}", pipeline.name(), e.getMessage());
        }
    }

    private void look(Pipeline pipeline, CamelContext running, Receipts receipts) throws SQLException {
        Optional<AuditResult> last = told(pipeline, receipts);
        if (interval.isZero()
                || last.filter(found -> found.age().compareTo(interval) < 0).isPresent()) {
            return;
        }
        Optional<LoadedPipeline> loaded = loaded(running, pipeline);
        if (loaded.isEmpty()) {
            return;
        }
        Duration lag = pipeline.config().consistency() == Consistency.LAG
                ? pipeline.config().lag().multipliedBy(3)
                : Duration.ZERO;
        BooleanSupplier goesOn =
                () -> !isStoppingOrStopped() && pipeline.lease().isHeld();
        new Audit(loaded.get().form(), store(running), goesOn).run(new Audit.Range(null, null, YOUNG.plus(lag)));
        told(pipeline, receipts)
                .filter(AuditResult::fault)
                .ifPresent(found -> LOG.error("{}: an audit found: {}", pipeline.name(), found.text()));
    }

    /** The last result in the store, which the pipeline knows from now on. */
    private static Optional<AuditResult> told(Pipeline pipeline, Receipts receipts) {
        Optional<AuditResult> found = receipts.lastAudit(pipeline.name());
        found.ifPresent(pipeline.ledger()::audited);
        return found;
    }
}

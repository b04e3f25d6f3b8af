package dev.drover.delivery;

import dev.drover.batch.Batch;
import dev.drover.batch.BatchItem;
import dev.drover.batch.PartSender;
import dev.drover.ledger.Ledger;
import dev.drover.ledger.RecordOnPage;
import dev.drover.ledger.Settling;
import dev.drover.outcome.Answer;
import dev.drover.outcome.Fate;
import dev.drover.outcome.PolicySettings;
import dev.drover.outcome.UnreadableAnswerException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.Exchange;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the answer to an attempt by the {@linkplain #setPolicy policy} of the destination, and settles the accepted
 * records. It leaves the others to the error clauses: it throws an {@link UnsettledException} for records that are refused
 * or must be sent again, and Camel's own exception for a refused batch. An answer that cannot be read accepts nothing.
 *
 * <p>There is one bean for each contract, named in the outcome step. Thread-safe after its setup.
 */
public final class Outcome extends PolicySettings implements Settling {

    private static final Logger LOG = LoggerFactory.getLogger(Outcome.class);

    /** The exchange property of a request that deletes. */
    static final String DELETES = "droverDeletes";

    /** The destination already has a batch with this key. Only seen here if the route counts that as a success. */
    private static final int CONFLICT = 409;

    /** What is to be deleted is gone. Only seen here if the route counts that as a success. */
    private static final Set<Integer> GONE = Set.of(404, 410);

    private final AtomicBoolean goneBefore = new AtomicBoolean();
    private volatile boolean planning;

    /** Lets it settle everything without reading the answer, because a plan gets no answers from the destination. */
    public void planning() {
        planning = true;
    }

    /**
     * Settles the records that the answer accepts; a record without a batch then ends in place.
     *
     * @throws UnsettledException if some are refused or to be sent again, or the answer cannot be read
     * @throws HttpOperationFailedException if the whole batch is refused
     */
    public void settle(Exchange exchange) throws UnsettledException, HttpOperationFailedException {
        if (planning) {
            allClear(Underway.delivered(exchange));
            return;
        }
        Answer answer = answer(exchange);
        Batch batch = exchange.getProperty(Batch.PROPERTY, Batch.class);
        if (batch == null) {
            checkLoneRecord(exchange, answer);
        }
        if (batch == null || answer.status() == CONFLICT || isGone(exchange, answer, batch)) {
            allClear(Underway.delivered(exchange));
            return;
        }
        settle(exchange, batch, fates(exchange, answer, batch));
    }

    /** Whether the lone row that was to be deleted is gone, as after a crash. A wrong address would answer the same. */
    private boolean isGone(Exchange exchange, Answer answer, Batch batch) {
        boolean gone = GONE.contains(answer.status())
                && batch.getSize() == 1
                && exchange.getProperty(DELETES, false, boolean.class);
        if (gone && goneBefore.compareAndSet(false, true)) {
            LOG.warn(
                    "{}: the answer to a DELETE is {}; its row counts as deleted, as do all others with this answer. If no"
                            + " DELETE is answered otherwise, check the url",
                    batch.ledger().pipeline(),
                    answer.status());
        }
        return gone;
    }

    /** Throws if the answer does not accept the record. A single record has no remainder that could be sent again. */
    private void checkLoneRecord(Exchange exchange, Answer answer) {
        RecordOnPage record = exchange.getProperty(RecordOnPage.PROPERTY, RecordOnPage.class);
        if (record == null) {
            throw new IllegalStateException(
                    "the outcome step settles a batch or a record of a page, and here is neither");
        }
        try {
            for (Fate fate : read(answer, record.rows(), 1)) {
                if (fate.kind() != Fate.Kind.ACCEPTED) {
                    throw new IllegalStateException(
                            "the answer does not accept the record: status " + fate.status() + " " + fate.reason());
                }
            }
        } catch (UnreadableAnswerException e) {
            throw new IllegalStateException(String.valueOf(e.getMessage()), e);
        }
    }

    /** An answer without a status is no success. */
    private static Answer answer(Exchange exchange) {
        Integer status = exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, Integer.class);
        String body = exchange.getMessage().getBody(String.class);
        AnswerHead head = exchange.getProperty(AnswerHead.PROPERTY, AnswerHead.NONE, AnswerHead.class);
        return new Answer(status == null ? 0 : status, head.type(), head.location(), body == null ? "" : body);
    }

    private List<Fate> fates(Exchange exchange, Answer answer, Batch batch)
            throws UnsettledException, HttpOperationFailedException {
        try {
            return read(answer, batch.bodies(), PartSender.attempt(exchange));
        } catch (UnreadableAnswerException e) {
            String reason = String.valueOf(e.getMessage());
            if (Fate.isRefusal(answer.status())) {
                throw new HttpOperationFailedException("", answer.status(), "", null, null, reason);
            }
            alarm(batch.ledger(), reason);
            throw new UnsettledException(reason);
        }
    }

    private void alarm(Ledger ledger, String reason) {
        if (ledger.faults().refused(reason)) {
            LOG.error(
                    "{}: nothing of a batch is accepted: {}; check the policy {} of the destination. Nothing is lost:"
                            + " it is sent again until the answer can be read",
                    ledger.pipeline(),
                    reason,
                    getPolicy());
        }
    }

    private static void settle(Exchange exchange, Batch batch, List<Fate> fates) throws UnsettledException {
        List<BatchItem> accepted = new ArrayList<>();
        List<Refusal> refused = new ArrayList<>();
        int again = 0;
        for (int i = 0; i < fates.size(); i++) {
            BatchItem item = batch.items().get(i);
            Fate fate = fates.get(i);
            switch (fate.kind()) {
                case ACCEPTED -> accepted.add(item);
                case RETRIED -> again++;
                case REFUSED -> {
                    if (batch.isRecovered()) {
                        again++; // it is more than its key when it is read again
                    } else {
                        refused.add(new Refusal(batch.refused(item, fate.status()), fate.status(), fate.reason()));
                    }
                }
            }
        }
        Underway.delivered(exchange, batch, accepted);
        if (!refused.isEmpty() || again > 0) {
            throw new UnsettledException(
                    refused.size() + " records of a batch are refused, " + again + " to be sent again", refused);
        }
        allClear(batch.ledger());
    }

    private static void allClear(Ledger ledger) {
        if (ledger.faults().accepted()) {
            LOG.info("{}: the destination accepts again", ledger.pipeline());
        }
    }
}

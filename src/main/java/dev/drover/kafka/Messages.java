package dev.drover.kafka;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.drover.batch.Batch;
import dev.drover.batch.BatchItem;
import dev.drover.batch.RecordJson;
import dev.drover.ledger.InContext;
import dev.drover.ledger.Settling;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.camel.support.DefaultMessage;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns the records of a batch into messages for one {@code kafka:} step, and settles the batch when the broker has
 * acknowledged all of them. Thread-safe.
 */
public final class Messages extends InContext implements Settling {

    private static final Logger LOG = LoggerFactory.getLogger(Messages.class);

    private int maxBytes = 1_000_000;

    /**
     * The longest value of a message, in bytes; 1,000,000 by default, which is below the default limits of producers
     * and brokers. A longer record is refused before any message of its batch is published, because a message cannot be
     * taken back.
     */
    public void setMaxBytes(int maxBytes) {
        if (maxBytes < 1) {
            throw new IllegalArgumentException("maxBytes: " + maxBytes + " is not allowed, it must be at least 1");
        }
        this.maxBytes = maxBytes;
    }

    /**
     * One message for each record: its value is the JSON of the record, its key the text of a column. Records of one
     * key go to one partition and keep their order there. {@code keyedBy(${exchangeProperty.batch}, 'customer')}
     *
     * @param column a column of the records; NULL in it gives a message without a key, which goes to any partition
     * @throws IllegalArgumentException if the records have no such column
     * @throws JsonProcessingException if a record cannot be written
     * @throws RecordTooLargeException if a record is too long
     */
    public List<Message> keyedBy(Batch batch, String column) throws JsonProcessingException {
        List<Message> messages = new ArrayList<>(batch.getSize());
        for (BatchItem item : batch.items()) {
            if (!(item.body() instanceof Map<?, ?> columns) || !columns.containsKey(column)) {
                throw new IllegalArgumentException("keyedBy: the records have no column '" + column + "'");
            }
            messages.add(message(columns.get(column), item.body()));
        }
        return messages;
    }

    /** One message for each record, with the key of its row as the key. */
    public List<Message> keyed(Batch batch) throws JsonProcessingException {
        List<Message> messages = new ArrayList<>(batch.getSize());
        for (BatchItem item : batch.items()) {
            messages.add(message(String.join(",", item.key().texts()), item.body()));
        }
        return messages;
    }

    private Message message(@Nullable Object key, Object record) throws JsonProcessingException {
        byte[] value = RecordJson.of(record);
        if (value.length > maxBytes) {
            throw new RecordTooLargeException("a record of " + value.length + " bytes is longer than " + maxBytes);
        }
        Message message = new DefaultMessage(context());
        message.setBody(new String(value, StandardCharsets.UTF_8));
        if (key != null) {
            message.setHeader(KafkaConstants.KEY, key.toString());
        }
        return message;
    }

    /** Settles the records of the batch. Call it after the broker has acknowledged every message. */
    public void settle(Exchange exchange) {
        Batch batch = exchange.getProperty(Batch.PROPERTY, Batch.class);
        batch.delivered(batch.items(), "kafka");
        if (batch.ledger().faults().accepted()) {
            LOG.info("{}: the broker accepts again", batch.getPipeline());
        }
    }
}

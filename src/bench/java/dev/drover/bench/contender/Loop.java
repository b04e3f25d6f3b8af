package dev.drover.bench.contender;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.SerializedString;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * The hand-written loop that everything is compared with: keyset pages over plain JDBC, each value written to JSON as
 * it is read, so many batches on their way at a time. PostgreSQL sends its values as text, which is the cheaper way here. It keeps no checkpoint, tries nothing again and sets nothing
 * aside: it is the floor, not a program for production.
 */
final class Loop {

    private static final String PAGE = "SELECT id, customer, product, quantity, amount, ordered_at FROM orders"
            + " WHERE id > ? ORDER BY id LIMIT " + Work.PAGE;

    private static final SerializableString ID = new SerializedString("id");
    private static final SerializableString CUSTOMER = new SerializedString("customer");
    private static final SerializableString PRODUCT = new SerializedString("product");
    private static final SerializableString QUANTITY = new SerializedString("quantity");
    private static final SerializableString AMOUNT = new SerializedString("amount");
    private static final SerializableString ORDERED_AT = new SerializedString("ordered_at");

    private final JsonFactory json = new JsonFactory();
    private Body bytes = new Body();
    private final InFlight inFlight;
    private final Sender sender;
    private JsonGenerator batch;
    private int records;
    private long last;

    private Loop(Sender sender, InFlight inFlight) throws IOException {
        this.sender = sender;
        this.inFlight = inFlight;
        this.batch = begin();
    }

    public static void main(String[] arguments) throws Exception {
        Work work = Work.fromEnvironment();
        try (Connection connection = work.asText().connect();
                Sender sender = new Sender(work.destination(), work.parallelism());
                InFlight inFlight = new InFlight(work.parallelism())) {
            new Loop(sender, inFlight).run(connection);
        }
        // so that the way the benchmark measures can be compared with what the JVM says of itself
        System.out.println("cpu nanoseconds " + cpu());
    }

    private void run(Connection connection) throws Exception {
        try (PreparedStatement page = connection.prepareStatement(PAGE)) {
            page.setFetchSize(Work.PAGE);
            int rows;
            do {
                rows = read(page);
            } while (rows == Work.PAGE);
        }
        if (records > 0) {
            send();
        }
        inFlight.await();
    }

    private int read(PreparedStatement page) throws Exception {
        page.setLong(1, last);
        int rows = 0;
        try (ResultSet row = page.executeQuery()) {
            while (row.next()) {
                write(row);
                rows++;
                if (++records == Work.BATCH) {
                    send();
                }
            }
        }
        return rows;
    }

    private void write(ResultSet row) throws SQLException, IOException {
        last = row.getLong(1);
        batch.writeStartObject();
        batch.writeFieldName(ID);
        batch.writeNumber(last);
        batch.writeFieldName(CUSTOMER);
        batch.writeString(row.getString(2));
        batch.writeFieldName(PRODUCT);
        batch.writeString(row.getString(3));
        batch.writeFieldName(QUANTITY);
        batch.writeNumber(row.getInt(4));
        batch.writeFieldName(AMOUNT);
        batch.writeNumber(row.getString(5));
        batch.writeFieldName(ORDERED_AT);
        batch.writeString(row.getString(6).replace(' ', 'T'));
        batch.writeEndObject();
    }

    private void send() throws IOException, InterruptedException {
        batch.writeEndArray();
        batch.close();
        Body body = bytes;
        inFlight.submit(() -> sender.post(body.content(), body.size()));
        batch = begin();
    }

    private JsonGenerator begin() throws IOException {
        bytes = new Body();
        records = 0;
        JsonGenerator next = json.createGenerator(bytes);
        next.writeStartArray();
        return next;
    }

    /** What is sent is what was written, without a copy. */
    private static final class Body extends ByteArrayOutputStream {

        Body() {
            super(128 * 1024);
        }

        byte[] content() {
            return buf;
        }
    }

    private static long cpu() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }
}

package dev.drover.bench.contender;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * The hand-written loop that everything is compared with: keyset pages over plain JDBC, each value written to JSON as
 * it is read, so many batches on their way at a time. It keeps no checkpoint, tries nothing again and sets nothing
 * aside: it is the floor, not a program for production.
 */
final class Loop {

    private static final String PAGE = "SELECT id, customer, product, quantity, amount, ordered_at FROM orders"
            + " WHERE id > ? ORDER BY id LIMIT " + Work.PAGE;

    private final JsonFactory json = new JsonFactory();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(128 * 1024);
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
        try (Connection connection = work.connect();
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
        batch.writeNumberField("id", last);
        batch.writeStringField("customer", row.getString(2));
        batch.writeStringField("product", row.getString(3));
        batch.writeNumberField("quantity", row.getInt(4));
        batch.writeFieldName("amount");
        batch.writeNumber(row.getString(5));
        batch.writeStringField("ordered_at", row.getString(6).replace(' ', 'T'));
        batch.writeEndObject();
    }

    private void send() throws IOException, InterruptedException {
        batch.writeEndArray();
        batch.close();
        byte[] body = bytes.toByteArray();
        inFlight.submit(() -> sender.post(body));
        batch = begin();
    }

    private JsonGenerator begin() throws IOException {
        bytes.reset();
        records = 0;
        JsonGenerator next = json.createGenerator(bytes);
        next.writeStartArray();
        return next;
    }

    private static long cpu() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }
}

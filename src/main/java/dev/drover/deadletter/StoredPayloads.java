package dev.drover.deadletter;

import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import dev.drover.batch.Batch;
import dev.drover.batch.PartSender;
import dev.drover.ledger.Cursor;
import dev.drover.store.DeadLetter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.camel.CamelContext;

/**
 * Sends the stored payloads of dead letters through the delivery route that refused them. They form a normal batch in which
 * each dead letter is a page with its id as the key.
 *
 * @param context with the delivery routes
 * @param readsChanges whether the pipeline of this name reads a change log
 */
record StoredPayloads(CamelContext context, Predicate<String> readsChanges) implements Replay.Way {

    private static final JsonFactory JSON = new JsonFactory();
    private static final List<String> KEY = List.of("id");

    @Override
    public Optional<String> obstacle(DeadLetter letter) {
        if (letter.destination() == null) {
            return Optional.of("failed in a step before their batch; replay them with --reread");
        }
        if (readsChanges.test(letter.pipeline())) {
            return Optional.of("are changes of rows that may have changed since; replay them with --reread");
        }
        if (context.getRoute(letter.destination()) == null) {
            return Optional.of("were refused in route " + letter.destination() + ", which is not among the routes");
        }
        if (letter.payload() == null) {
            return Optional.of("have no payload, so there is nothing to send; replay them with --reread");
        }
        return isJson(letter.payload()) ? Optional.empty() : Optional.of("have no JSON that could be sent");
    }

    /** Whether the text is one complete JSON value and nothing else. */
    private static boolean isJson(String text) {
        try (JsonParser parser = JSON.createParser(text)) {
            if (parser.nextToken() == null) {
                return false;
            }
            parser.skipChildren();
            return parser.nextToken() == null;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public String group(DeadLetter letter) {
        return letter.pipeline() + ' ' + letter.destination();
    }

    /** The same in each process, because the payloads do not change. */
    @Override
    public long run() {
        return 0;
    }

    @Override
    public void deliver(ReplayChunk chunk, ReplayCounts counts) throws InterruptedException {
        List<Map<String, String>> rows = new ArrayList<>();
        List<Payload> payloads = new ArrayList<>();
        for (ReplayChunk.Letter letter : chunk.letters()) {
            String id = letter.stored.id();
            chunk.expect(new Cursor(KEY, List.of(id)), List.of(letter));
            rows.add(Map.of(KEY.get(0), id));
            payloads.add(new Payload(String.valueOf(letter.stored.payload())));
        }
        Batch batch = Batch.again(chunk.ledger(), rows, payloads);
        String route = chunk.letters().get(0).stored.destination();
        PartSender.sendAgain(batch, context.getRoute(route).getEndpoint());
        if (batch.unsettled() == 0) {
            chunk.awaitSettled();
        }
    }

    /**
     * A payload, which a marshaller writes byte for byte.
     *
     * @param text valid JSON
     */
    private record Payload(@JsonValue @JsonRawValue String text) {

        @Override
        public String toString() {
            return text;
        }
    }
}

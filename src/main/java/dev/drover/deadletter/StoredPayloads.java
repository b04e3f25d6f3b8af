package dev.drover.deadletter;

import dev.drover.store.DeadLetter;
import java.io.IOException;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;

/** Sends what was to be sent when they were set aside, through the delivery route that refused it. */
final class StoredPayloads implements Resending {

    private final CamelContext context;
    private final ProducerTemplate template;

    StoredPayloads(CamelContext context) {
        this.context = context;
        template = context.createProducerTemplate();
    }

    @Override
    public Optional<String> obstacle(DeadLetter letter) {
        if (letter.destination() == null) {
            return Optional.of("failed in a step before their batch; replay them with --reread");
        }
        if (context.getRoute(letter.destination()) == null) {
            return Optional.of("were refused in route " + letter.destination() + ", which is not among the routes");
        }
        if (letter.payload() == null) {
            return Optional.of("have no payload, so there is nothing to send; replay them with --reread");
        }
        return RawJson.isValid(letter.payload()) ? Optional.empty() : Optional.of("have no JSON that could be sent");
    }

    @Override
    public String group(DeadLetter letter) {
        return letter.pipeline() + ' ' + letter.destination();
    }

    /** A batch of them is the same whoever sends it: the payloads do not change. */
    @Override
    public long run() {
        return 0;
    }

    @Override
    public void deliver(ReplayChunk chunk, ReplayCounts counts) throws InterruptedException {
        String route = chunk.letters().get(0).letter().destination();
        new ReplayBatch(chunk).deliver(template, context.getRoute(route).getEndpoint());
    }

    @Override
    public void close() throws IOException {
        template.close();
    }
}

package dev.drover.delivery;

import dev.drover.batch.Batch;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.support.AsyncProcessorSupport;
import org.jspecify.annotations.Nullable;

/**
 * Lets a batch pass after every earlier batch of its lane has ended. This keeps the order of a lane while other lanes
 * continue. A waiting batch holds no thread. It continues in a pool of the {@code delivery} profile. Each pipeline has its
 * own pool, so the profile limits the parallel deliveries of an ordered pipeline too, and no pipeline takes the threads of
 * another.
 */
public final class Turn extends AsyncProcessorSupport {

    private static final String POOL_PROFILE = "delivery";

    private final Map<String, ExecutorService> pools = new ConcurrentHashMap<>();

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        Batch batch = exchange.getProperty(Batch.PROPERTY, Batch.class);
        CompletableFuture<Void> unused = batch.turn()
                .whenCompleteAsync(
                        (nothing, givenUp) -> proceed(exchange, givenUp, callback), pool(exchange.getContext(), batch));
        return false;
    }

    private static void proceed(Exchange exchange, @Nullable Throwable givenUp, AsyncCallback callback) {
        if (givenUp != null) {
            exchange.setException(givenUp instanceof CompletionException ? givenUp.getCause() : givenUp);
        }
        callback.done(false);
    }

    private ExecutorService pool(CamelContext context, Batch batch) {
        return pools.computeIfAbsent(batch.getPipeline(), pipeline -> context.getExecutorServiceManager()
                .newThreadPool(this, "turn-" + pipeline, POOL_PROFILE));
    }
}

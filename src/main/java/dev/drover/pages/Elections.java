package dev.drover.pages;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.cluster.CamelClusterService;

/**
 * Where this process takes part in the election of leaders: for each pipeline that it runs, if the user's routes have a
 * cluster service of Camel among their beans. Thread-safe.
 */
public final class Elections {

    private final Map<String, Leadership> joined = new ConcurrentHashMap<>();
    private volatile boolean alone;

    /** Takes part in none, since what this process does touches no other; to be called before routes start. */
    public void standAlone() {
        alone = true;
    }

    /**
     * Takes part in the election of the process that leads a pipeline; empty where leaders are not elected.
     *
     * @param lost called whenever this process does not lead, or no more
     * @throws IllegalStateException if there are several cluster services
     * @throws RuntimeCamelException if the one that there is does not start
     */
    Optional<Leadership> join(CamelContext context, String pipeline, Runnable lost) {
        Map<String, CamelClusterService> services =
                new TreeMap<>(context.getRegistry().findByTypeWithName(CamelClusterService.class));
        if (alone || services.isEmpty()) {
            return Optional.empty();
        }
        if (services.size() > 1) {
            throw new IllegalStateException("beans: " + String.join(", ", services.keySet())
                    + " are cluster services, and only one can elect leaders: remove the others");
        }
        Leadership leadership =
                new Leadership(context, services.values().iterator().next(), pipeline, lost);
        joined.put(pipeline, leadership);
        return Optional.of(leadership);
    }

    /** Whether it is known who leads a pipeline; always, where leaders are not elected. */
    public boolean isLed(String pipeline) {
        Leadership leadership = joined.get(pipeline);
        return leadership == null || leadership.isLed();
    }
}

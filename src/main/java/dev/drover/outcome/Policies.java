package dev.drover.outcome;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/** The policies by their names. */
final class Policies {

    /** The name of the policy for which only the status of the answer counts. */
    static final String STATUS = "status";

    private static final Map<String, Function<PolicyOptions, Policy>> BY_NAME = new LinkedHashMap<>();

    static {
        BY_NAME.put(STATUS, options -> new StatusOnly());
        BY_NAME.put("multi-status", options -> new ItemList(options, true));
        BY_NAME.put("items", options -> new ItemList(options, false));
        BY_NAME.put("bulk-items", options -> new BulkItems(options.conflict()));
        BY_NAME.put("batch-item-failures", BatchItemFailures::new);
        BY_NAME.put("json-pointer", FailedList::new);
        BY_NAME.put("stored-before", StoredBefore::new);
    }

    private Policies() {}

    /** The names, the most usual first. */
    static List<String> names() {
        return List.copyOf(BY_NAME.keySet());
    }

    /** The policy of one of these names. */
    static Policy of(String name, PolicyOptions options) {
        return Objects.requireNonNull(BY_NAME.get(name)).apply(options);
    }
}

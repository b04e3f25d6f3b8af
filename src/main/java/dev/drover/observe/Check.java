package dev.drover.observe;

import java.util.Map;
import java.util.function.Supplier;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckResultBuilder;

/** A readiness check of Camel, which says in words why something is not ready. Asks nobody, so it answers at once. */
final class Check implements HealthCheck {

    private final String id;
    private final Supplier<Readiness> look;
    private boolean enabled = true;

    Check(String id, Supplier<Readiness> look) {
        this.id = id;
        this.look = look;
    }

    @Override
    public String getId() {
        return id;
    }

    @Override
    public String getGroup() {
        return "drover";
    }

    @Override
    public boolean isEnabled() {
        return enabled;
    }

    @Override
    public void setEnabled(boolean enabled) {
        this.enabled = enabled;
    }

    @Override
    public Result call(Map<String, Object> options) {
        Readiness found = look.get();
        HealthCheckResultBuilder result = HealthCheckResultBuilder.on(this);
        if (!found.words().isEmpty()) {
            result.message(OneLine.of(found.words()));
        }
        return (found.ready() ? result.up() : result.down()).build();
    }
}

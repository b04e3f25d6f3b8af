package dev.drover.ledger;

import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.jspecify.annotations.Nullable;

/** A bean that knows its Camel context. Camel sets the context when it makes the bean, before the properties. */
public abstract class InContext implements CamelContextAware {

    private @Nullable CamelContext context;

    @Override
    public final void setCamelContext(CamelContext context) {
        this.context = context;
    }

    @Override
    public final @Nullable CamelContext getCamelContext() {
        return context;
    }

    /**
     * The context of the bean.
     *
     * @throws IllegalStateException if the bean is used outside a Camel context
     */
    protected final CamelContext context() {
        if (context == null) {
            throw new IllegalStateException(getClass().getSimpleName() + " is used outside a Camel context");
        }
        return context;
    }
}

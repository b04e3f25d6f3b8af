package dev.drover.observe;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.support.service.ServiceSupport;

/** The bean {@code tracing}: where traces are sent. Set up before the routes are built. */
public final class Tracing {

    static final String BEAN = "tracing";

    private static final String NONE = "none";
    private static final long FLUSH_SECONDS = 5;

    private String endpoint = NONE;

    /**
     * The URL of a collector with OTLP over HTTP.
     *
     * @param endpoint an http or https URL; {@code none}, the default, turns tracing off
     */
    public void setEndpoint(String endpoint) {
        if (!endpoint.equals(NONE) && !endpoint.matches("https?://[^\\s]+")) {
            throw new IllegalArgumentException(
                    "endpoint: " + endpoint + " is not allowed, it must be an http or https address, or " + NONE);
        }
        this.endpoint = endpoint;
    }

    /** Starts tracing if an endpoint is set. The context must not have built its routes yet. */
    static void begin(CamelContext context) {
        Tracing tracing = context.getRegistry().lookupByNameAndType(BEAN, Tracing.class);
        if (tracing == null || tracing.endpoint.equals(NONE)) {
            return;
        }
        SdkTracerProvider provider = tracing.provider();
        Spans spans = new Spans(provider.get("dev.drover"));
        context.addRoutePolicyFactory(spans);
        spans.listen(context);
        try {
            context.addService(new Flush(provider));
        } catch (Exception e) {
            throw new IllegalStateException("traces cannot be sent", e);
        }
    }

    private SdkTracerProvider provider() {
        OtlpHttpSpanExporter exporter =
                OtlpHttpSpanExporter.builder().setEndpoint(endpoint).build();
        return SdkTracerProvider.builder()
                .setResource(Resource.getDefault()
                        .merge(Resource.create(Attributes.of(AttributeKey.stringKey("service.name"), "drover"))))
                .addSpanProcessor(BatchSpanProcessor.builder(exporter).build())
                .build();
    }

    /** Sends the remaining spans when the context stops. */
    private static final class Flush extends ServiceSupport {

        private final SdkTracerProvider provider;

        Flush(SdkTracerProvider provider) {
            this.provider = provider;
        }

        @Override
        protected void doShutdown() {
            var unused = provider.shutdown().join(FLUSH_SECONDS, TimeUnit.SECONDS);
        }
    }
}

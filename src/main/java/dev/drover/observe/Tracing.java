package dev.drover.observe;

import dev.drover.batch.Batch;
import dev.drover.delivery.AttemptListener;
import dev.drover.delivery.Attempted;
import dev.drover.ledger.OpenPage;
import dev.drover.route.Role;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Route;
import org.apache.camel.spi.RoutePolicy;
import org.apache.camel.spi.RoutePolicyFactory;
import org.apache.camel.support.RoutePolicySupport;
import org.apache.camel.support.service.ServiceSupport;
import org.jspecify.annotations.Nullable;

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

    /**
     * Creates one span for each page and one for each batch, with an event for each attempt, but none for a record. The span
     * of a batch links to the pages of its first and last record. Each attempt sends it as {@code traceparent}. Thread-safe.
     */
    private static final class Spans extends RoutePolicySupport implements RoutePolicyFactory {

        private static final String SPAN = "droverSpan";
        private static final String TRACEPARENT = "traceparent";
        private static final String PIPELINE = "drover.pipeline";
        private static final String RECORDS = "drover.records";

        private final Tracer tracer;
        private final Map<OpenPage, SpanContext> pages = Collections.synchronizedMap(new WeakHashMap<>());

        Spans(Tracer tracer) {
            this.tracer = tracer;
        }

        /** Adds the span of a batch to each attempt, and each attempt to the span. */
        void listen(CamelContext context) {
            AttemptListener.add(context, this::attempt);
        }

        @Override
        public RoutePolicy createRoutePolicy(CamelContext context, String routeId, NamedNode route) {
            return this;
        }

        @Override
        public void onExchangeBegin(Route route, Exchange exchange) {
            if (exchange.getProperty(Batch.PROPERTY) instanceof Batch batch) {
                if (spanOf(exchange, batch) == null) { // otherwise another route has started it
                    exchange.setProperty(SPAN, new Traced(batch, route.getRouteId(), begin(batch)));
                }
            } else if (exchange.getProperty(OpenPage.PROPERTY) instanceof OpenPage page
                    && Role.READER.beginsAt(route.getEndpoint().getEndpointUri())) {
                exchange.setProperty(SPAN, new Traced(page, route.getRouteId(), begin(page)));
            }
        }

        /**
         * A started span.
         *
         * @param of the page or batch; a copied exchange may still have the span of the original
         * @param routeId the route that started it
         */
        private record Traced(Object of, String routeId, Span span) {}

        private static @Nullable Traced spanOf(Exchange exchange, @Nullable Object of) {
            return exchange.getProperty(SPAN) instanceof Traced traced && traced.of() == of ? traced : null;
        }

        private Span begin(OpenPage page) {
            Span span = tracer.spanBuilder("page")
                    .setAttribute(PIPELINE, page.ledger().pipeline())
                    .startSpan();
            pages.put(page, span.getSpanContext());
            return span;
        }

        private Span begin(Batch batch) {
            SpanBuilder builder = tracer.spanBuilder("batch")
                    .setNoParent()
                    .setSpanKind(SpanKind.CLIENT)
                    .setAttribute(PIPELINE, batch.getPipeline())
                    .setAttribute(RECORDS, batch.getSize());
            if (batch.getSize() > 0) {
                OpenPage first = batch.items().get(0).record().page();
                OpenPage last = batch.items().get(batch.getSize() - 1).record().page();
                link(builder, first);
                if (last != first) {
                    link(builder, last);
                }
            }
            return builder.startSpan();
        }

        private void link(SpanBuilder builder, OpenPage page) {
            SpanContext read = pages.get(page);
            if (read != null) {
                builder.addLink(read);
            }
        }

        @Override
        public void onExchangeDone(Route route, Exchange exchange) {
            Object batch = exchange.getProperty(Batch.PROPERTY);
            Traced traced = spanOf(exchange, batch == null ? exchange.getProperty(OpenPage.PROPERTY) : batch);
            if (traced == null || !traced.routeId().equals(route.getRouteId())) {
                return;
            }
            exchange.removeProperty(SPAN);
            if (traced.of() instanceof Batch ended) {
                if (ended.unsettled() > 0) {
                    traced.span().setStatus(StatusCode.ERROR, "given up");
                }
            } else if (traced.of() instanceof OpenPage page) {
                page.keys().ifPresent(keys -> traced.span().setAttribute(RECORDS, keys.size()));
                if (exchange.getException() != null) {
                    traced.span().setStatus(StatusCode.ERROR, "not read");
                }
            }
            traced.span().end();
        }

        private Consumer<Attempted> attempt(Exchange exchange, String destination) {
            Object of = exchange.getProperty(Batch.PROPERTY);
            Traced traced = of == null ? null : spanOf(exchange, of);
            if (traced == null) {
                return ended -> {};
            }
            SpanContext batch = traced.span().getSpanContext();
            exchange.getMessage()
                    .setHeader(
                            TRACEPARENT,
                            "00-" + batch.getTraceId() + "-" + batch.getSpanId() + "-"
                                    + batch.getTraceFlags().asHex());
            return ended -> traced.span()
                    .addEvent(
                            "attempt",
                            Attributes.builder()
                                    .put("server.address", destination)
                                    .put("drover.outcome", ended.outcome())
                                    .put("http.response.status_code", ended.status())
                                    .build());
        }
    }
}

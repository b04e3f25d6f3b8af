package dev.drover.delivery;

import dev.drover.ledger.Beans;
import dev.drover.ledger.InContext;
import dev.drover.ledger.Periodic;
import dev.drover.ledger.Trace;
import java.net.ProxySelector;
import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.component.http.HttpActivityListener;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.camel.component.http.HttpEndpoint;
import org.apache.camel.support.LRUCacheFactory;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.DefaultConnectionKeepAliveStrategy;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.util.TimeValue;
import org.jspecify.annotations.Nullable;

/**
 * The limits of every attempt at a destination, by any pipeline and worker: how long it may take, how much of the
 * answer is read, its credentials, how much a host is sent, and one gate for each address that all workers share.
 *
 * <p>The bean {@code destination} serves every HTTP endpoint. For other limits, define another bean and name it in the
 * endpoint as {@code httpClientConfigurer: "#billing"}. Thread-safe after its setup, which ends before the routes
 * start.
 */
public final class Destination extends InContext implements HttpClientConfigurer, HttpActivityListener {

    /** The name of the bean that serves the endpoints which name none. */
    static final String DEFAULT = "destination";

    /** How many hosts and addresses are remembered, those that were used last. */
    private static final int MOST = 10_000;

    private final Map<String, Gate> gates = LRUCacheFactory.newLRUCache(MOST);
    private final Map<String, HostLimit> limits = LRUCacheFactory.newLRUCache(MOST);
    private AllowedHosts allowedHosts = AllowedHosts.NONE;
    private Duration deadline = Duration.ofSeconds(60);
    private int answerLimit = 1 << 20;
    private TimeValue longestIdle = TimeValue.ofSeconds(30);
    private final GateOptions gate = new GateOptions();
    private Duration parkAfter = Duration.ZERO;
    private int parkLimit = 100_000;
    private @Nullable HttpClientConfigurer credentials;
    private @Nullable AttemptLimits attempts;

    /**
     * How long an attempt may take in all, from its first byte to the last byte of the answer; then it is cancelled.
     *
     * @param millis milliseconds, at least 1; 60000 by default
     */
    public void setDeadline(long millis) {
        deadline = Duration.ofMillis(Options.atLeast("deadline", millis, 1));
    }

    /**
     * How much of an answer is read; the rest is dropped. A policy that needs the whole answer cannot read one that is
     * cut, and accepts nothing.
     *
     * @param bytes of the answer, unpacked, at least 1; 1048576 by default
     */
    public void setAnswerLimit(int bytes) {
        answerLimit = Math.toIntExact(Options.atLeast("answerLimit", bytes, 1));
    }

    /**
     * How long a connection may be idle before it is closed. Firewalls forget idle connections, and a request on a
     * forgotten connection gets no answer.
     *
     * @param millis milliseconds, at least 1; 30000 by default
     */
    public void setLongestIdle(long millis) {
        longestIdle = TimeValue.ofMilliseconds(Options.atLeast("longestIdle", millis, 1));
    }

    /**
     * The longest pause that the destination may ask for by {@code Retry-After}.
     *
     * @param millis milliseconds, at least 0; 300000 by default
     */
    public void setLongestPause(long millis) {
        gate.longestPause = Duration.ofMillis(Options.atLeast("longestPause", millis, 0));
    }

    /**
     * The gate looks at this many last attempts, and closes when half of them failed. Then one attempt at a time finds
     * out whether the destination is back.
     *
     * @param attempts at least 1, or 0 for a gate that never closes; 10 by default
     */
    public void setCloseAfter(int attempts) {
        gate.closeAfter = Math.toIntExact(Options.atLeast("closeAfter", attempts, 0));
    }

    /**
     * The longest wait of a closed gate before its next attempt. The wait begins with 1 second and doubles.
     *
     * @param millis milliseconds, at least 1000; 30000 by default
     */
    public void setLongestClosed(long millis) {
        gate.longestClosed = Duration.ofMillis(Options.atLeast("longestClosed", millis, 1000));
    }

    /**
     * The statuses of failures that are final in this service, such as those for which a clause divides a batch. They
     * do not close the gate.
     *
     * @param statuses separated by commas; 0, the default, for none
     */
    public void setFinalStatuses(String statuses) {
        gate.finalStatuses = Options.statuses("finalStatuses", statuses);
    }

    /**
     * How many requests or records a host gets in a time, from all pipelines of this process together, spread evenly.
     *
     * @param rate like 100/s, 600/m, 9000/h or 5000 records/s; 0, the default, for no limit
     */
    public void setRate(String rate) {
        gate.rate = Rate.of(rate);
    }

    /**
     * How many requests a host gets at the same time, from all pipelines of this process together. With auto, Drover
     * finds out how many: more while the service answers as fast as before, fewer when it refuses or slows down.
     *
     * @param requests at least 1, or auto; 0, the default, for no limit
     */
    public void setConcurrency(String requests) {
        String text = requests.strip();
        if (!text.matches("auto|[0-9]{1,6}")) {
            throw new IllegalArgumentException("concurrency: " + requests
                    + " is not allowed, it must be a number of requests, auto, or 0 for no limit");
        }
        gate.concurrency = text.equals("auto") ? GateOptions.AUTO : Integer.parseInt(text);
    }

    /**
     * The hosts that an address may have whose host comes from a record.
     *
     * @param hosts separated by commas; *.example.org stands for all below example.org; none by default
     */
    public void setAllowedHosts(String hosts) {
        allowedHosts = allowedHosts.withHosts(hosts);
    }

    /**
     * Whether such a host may be in a private network, on this machine or on its link.
     *
     * @param allowed false by default
     */
    public void setPrivateAddresses(boolean allowed) {
        allowedHosts = allowedHosts.withPrivate(allowed);
    }

    /**
     * How long a batch is tried whose address has a value of its records, before its records are parked: stored in order,
     * and delivered later, before all newer records of this address.
     *
     * @param after such as 10s; 0, the default, for as long as it takes
     */
    public void setParkAfter(Duration after) {
        parkAfter = Duration.ofMillis(Options.atLeast("parkAfter", after.toMillis(), 0));
    }

    public Duration getParkAfter() {
        return parkAfter;
    }

    /**
     * How many records of a pipeline may be parked. Above that, the pipeline waits for those addresses.
     *
     * @param records at least 1; 100000 by default
     */
    public void setParkLimit(int records) {
        parkLimit = Math.toIntExact(Options.atLeast("parkLimit", records, 1));
    }

    public int getParkLimit() {
        return parkLimit;
    }

    /** Puts the credentials on each request, below the exchange, so that no log and no dead letter has them. */
    public void setCredentials(HttpClientConfigurer credentials) {
        this.credentials = credentials;
    }

    @Override
    public void configureHttpClient(HttpClientBuilder client) {
        if (client instanceof Named asked) {
            asked.found = this;
            return;
        }
        if (credentials != null) {
            credentials.configureHttpClient(client);
        }
        client.setProxySelector(ProxySelector.getDefault());
        client.setKeepAliveStrategy(this::idle);
        client.disableContentCompression(); // an answer is read as it comes, and none is asked to be packed
        client.addExecInterceptorBefore(ChainElement.PROTOCOL.name(), "drover-answer", new PlainAnswer(answerLimit));
        client.addExecInterceptorFirst("drover-attempt", attempts());
        UnaskedAnswer unasked = new UnaskedAnswer();
        client.setRequestExecutor(unasked);
        client.addExecInterceptorBefore(ChainElement.CONNECT.name(), "drover-unasked", unasked);
    }

    /** Does nothing: only answers are recorded. */
    @Override
    public void onRequestSubmitted(
            Object source, Exchange exchange, HttpHost host, HttpRequest request, HttpEntity entity) {}

    @Override
    public void onResponseReceived(
            Object source, Exchange exchange, HttpHost host, HttpResponse answer, HttpEntity entity, long elapsed) {
        exchange.setProperty(AnswerHead.PROPERTY, AnswerHead.of(answer, Trace.of(exchange.getContext())));
    }

    /** How long the connection of this answer may be idle. */
    TimeValue idle(HttpResponse answer, HttpContext context) {
        TimeValue asked = DefaultConnectionKeepAliveStrategy.INSTANCE.getKeepAliveDuration(answer, context);
        return TimeValue.isNonNegative(asked) && asked.compareTo(longestIdle) < 0 ? asked : longestIdle;
    }

    private synchronized AttemptLimits attempts() {
        if (attempts == null) {
            attempts = new AttemptLimits(deadline);
            new Periodic(context(), "attempt-deadlines", attempts.tick(), attempts::endLate).start();
        }
        return attempts;
    }

    /**
     * The gate of an endpoint, the same for every endpoint of the same address; empty if it is not HTTP.
     *
     * @param made whether the address was made of a message; then it is the gate of its host, so that many addresses do
     *     not need many gates
     */
    static Optional<Gate> gate(@Nullable Endpoint endpoint, boolean made) {
        return endpoint instanceof HttpEndpoint http
                ? of(http).map(found -> found.gate(http.getHttpUri(), made))
                : Optional.empty();
    }

    /**
     * Whether an address may have a host that comes from a record.
     *
     * @param bean the name of the bean that serves it; null for the default
     */
    public static boolean namesHosts(CamelContext context, @Nullable String bean) {
        return Beans.of(context, bean == null ? DEFAULT : bean) instanceof Destination destination
                && !destination.allowedHosts.hosts().isEmpty();
    }

    /** Whether there is a bean of this name that configures no client, so that Camel would leave it out. */
    public static boolean isOther(CamelContext context, @Nullable String bean) {
        Object found = Beans.of(context, bean);
        return found != null && !(found instanceof HttpClientConfigurer);
    }

    /**
     * Whether records that it serves may be parked.
     *
     * @param bean the name of the bean; null for the default
     */
    public static boolean parks(CamelContext context, @Nullable String bean) {
        return Beans.of(context, bean == null ? DEFAULT : bean) instanceof Destination destination
                && !destination.parkAfter.isZero();
    }

    /**
     * Checks an endpoint whose host comes from a message.
     *
     * @throws UnsendableException if nothing may be sent to this host
     */
    static void checkHost(Endpoint endpoint) {
        if (endpoint instanceof HttpEndpoint http) {
            of(http).map(found -> found.allowedHosts).orElse(AllowedHosts.NONE).check(http.getHttpUri());
        }
    }

    static Optional<Destination> of(HttpEndpoint http) {
        Destination destination = Named.by(http.getHttpClientConfigurer());
        return Optional.ofNullable(
                destination != null
                        ? destination
                        : http.getCamelContext().getRegistry().lookupByNameAndType(DEFAULT, Destination.class));
    }

    /** Finds the destination when a step configures its client with more than that, such as a login. */
    private static final class Named extends HttpClientBuilder {

        private static final Map<HttpClientConfigurer, Named> KNOWN = Collections.synchronizedMap(new WeakHashMap<>());

        private @Nullable Destination found;

        static @Nullable Destination by(@Nullable HttpClientConfigurer configurer) {
            if (configurer == null || configurer instanceof Destination) {
                return (Destination) configurer;
            }
            return KNOWN.computeIfAbsent(configurer, any -> {
                        Named asked = new Named();
                        configurer.configureHttpClient(asked);
                        return asked;
                    })
                    .found;
        }
    }

    private Gate gate(URI uri, boolean made) {
        String origin = DestinationProbe.origin(uri);
        String address = made ? origin : DestinationProbe.address(uri);
        HostLimit limit = limits.computeIfAbsent(origin, any -> new HostLimit(gate, System::nanoTime));
        return gates.computeIfAbsent(address, any -> new Gate(address, origin, gate, limit));
    }
}

package dev.drover.delivery;

import dev.drover.batch.Batch;
import dev.drover.batch.BatchItem;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.builder.EndpointProducerBuilder;
import org.apache.camel.model.language.ExpressionDefinition;
import org.apache.camel.model.language.SimpleExpression;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.EndpointHelper;
import org.apache.camel.support.ExpressionAdapter;
import org.apache.hc.core5.net.PercentCodec;
import org.jspecify.annotations.Nullable;

/**
 * An address that a step makes of each message, in Camel's simple language. Values are encoded, so that none can become
 * another part of the address or an option, and none in the path may be missing. The address of a {@code to} is made of
 * the record, which all records of a batch must agree on; that of another step is made of the message.
 */
public final class MadeAddress extends ExpressionAdapter implements EndpointProducerBuilder {

    /** The option of an address whose method depends on the operation of the record. */
    static final String BY_OPERATION = "httpMethod=change";

    private static final int HEAD = 0;
    private static final int SENT = 1;
    private static final int OPTIONS = 2;
    private static final int WHOLE = 3;
    private static final Pattern MADE_HOST = Pattern.compile("(?:https?://)?[^/?#$:]*\\$(?:simple)?\\{");
    private static final Pattern WITH_PORT = Pattern.compile("[A-Za-z0-9.-]+:[0-9]{1,5}");
    private static final Pattern HOST = Pattern.compile("https?://[^/?#]*");

    /** A value for which a service, or a proxy before it, takes another path. */
    private static final Pattern NO_SEGMENT = Pattern.compile("\\.{0,2}");

    private final String uri;
    private final WrittenAddresses written;
    private final boolean ofRecord;
    private List<List<Piece>> texts = List.of();
    private boolean isHttp;
    private boolean makesHost;

    /** An address in this text; {@code ofRecord} if it is made of the first record of a batch. */
    MadeAddress(String uri, WrittenAddresses written, boolean ofRecord) {
        this.uri = uri;
        this.written = written;
        this.ofRecord = ofRecord;
    }

    /**
     * A piece of the text.
     *
     * @param text as it is written
     * @param value what it stands for; null if it stands for itself
     */
    private record Piece(String text, @Nullable Expression value) {}

    /** The same text, which makes an address. */
    static ExpressionDefinition in(ExpressionDefinition written, WrittenAddresses addresses) {
        ExpressionDefinition made = new SimpleExpression(new MadeAddress(written.getExpression(), addresses, false));
        made.setExpression(written.getExpression());
        return made;
    }

    /** Whether a function stands before the path of this address. */
    public static boolean makesHost(String address) {
        return MADE_HOST.matcher(address).lookingAt();
    }

    /** Runs first when the route is built: only then are the parameters of its Kamelet known. */
    @Override
    public void init(CamelContext context) {
        super.init(context);
        if (texts.isEmpty()) {
            String resolved = EndpointHelper.resolveEndpointUriPropertyPlaceholders(context, uri);
            isHttp = resolved.startsWith("http");
            makesHost = makesHost(resolved);
            WrittenAddresses.Parts parts = written.parts(uri);
            texts = Stream.of(parts.head(), parts.sent(), parts.options(), uri)
                    .map(text -> pieces(text, context))
                    .toList();
        }
    }

    private static List<Piece> pieces(String text, CamelContext context) {
        String resolved = EndpointHelper.resolveEndpointUriPropertyPlaceholders(context, text);
        List<Piece> pieces = new ArrayList<>();
        Matcher function = WrittenAddresses.FUNCTION.matcher(resolved);
        int from = 0;
        for (; function.find(); from = function.end()) {
            pieces.add(new Piece(resolved.substring(from, function.start()), null));
            Expression value = context.resolveLanguage("simple").createExpression(function.group());
            value.init(context);
            pieces.add(new Piece(function.group(), value));
        }
        pieces.add(new Piece(resolved.substring(from), null));
        return pieces;
    }

    /**
     * The address of this message. Camel asks for it directly before it sends.
     *
     * @throws UnsendableException if nothing may be sent there
     */
    @Override
    public Object evaluate(Exchange exchange) {
        String address = made(exchange);
        if (makesHost && address.startsWith("http")) {
            Destination.checkHost(exchange.getContext().getEndpoint(address));
        }
        return address;
    }

    private String made(Exchange exchange) {
        Batch batch = ofRecord ? exchange.getProperty(Batch.PROPERTY, Batch.class) : null;
        if (batch == null) {
            return address(exchange);
        }
        List<BatchItem> items = batch.items();
        if (items.stream()
                        .map(item -> text(WHOLE, exchange(exchange, item)))
                        .distinct()
                        .limit(2)
                        .count()
                > 1) {
            throw new UnsendableException("the records of the batch have different addresses");
        }
        return address(exchange(exchange, items.get(0)));
    }

    /** The exchange of one record of a batch, for the expressions about it. */
    static Exchange exchange(Exchange batch, BatchItem item) {
        Exchange exchange = new DefaultExchange(batch.getContext());
        exchange.getMessage().setBody(item.body());
        return exchange;
    }

    private String address(Exchange exchange) {
        return written.made(
                        new WrittenAddresses.Parts(text(HEAD, exchange), text(SENT, exchange), text(OPTIONS, exchange)))
                .orElseGet(() -> text(WHOLE, exchange));
    }

    private String text(int index, Exchange exchange) {
        StringBuilder address = new StringBuilder();
        for (Piece piece : texts.get(index)) {
            Expression function = piece.value();
            String value = function == null ? null : function.evaluate(exchange, String.class);
            address.append(function == null ? piece.text() : sendable(value, piece.text(), index, address));
        }
        return index == OPTIONS || index == WHOLE ? byOperation(address.toString(), exchange) : address.toString();
    }

    /** Whether the method of this address depends on the operation of the record. */
    public static boolean dependsOnOperation(String address) {
        return address.contains(BY_OPERATION);
    }

    /** A delete that is repeated after a crash finds nothing, and that is right. */
    private static String byOperation(String address, Exchange exchange) {
        if (!dependsOnOperation(address)) {
            return address;
        }
        Object operation = exchange.getMessage().getBody() instanceof Map<?, ?> change ? change.get("operation") : null;
        return switch (String.valueOf(operation)) {
            case "upsert" -> address.replace(BY_OPERATION, "httpMethod=PUT");
            case "delete" ->
                address.replace(BY_OPERATION, "httpMethod=DELETE")
                        .replaceFirst("okStatusCodeRange=[^&]*", "$0,404,410");
            default ->
                throw new UnsendableException("the record has no operation, upsert or delete, for the method change");
        };
    }

    /** The value as it may stand behind this text of an address. */
    private String sendable(@Nullable String found, String function, int index, StringBuilder before) {
        String value = Objects.requireNonNullElse(found, "");
        if (!isHttp) {
            return value;
        }
        boolean inQuery = index == SENT || index == OPTIONS || before.indexOf("?") >= 0;
        if (!inQuery && NO_SEGMENT.matcher(value).matches()) {
            throw new UnsendableException("the address has no value for " + function);
        }
        boolean isPort =
                WITH_PORT.matcher(value).matches() && HOST.matcher(before).matches();
        return isPort ? value : PercentCodec.encode(value, StandardCharsets.UTF_8);
    }

    @Override
    public Expression expr(CamelContext context) {
        init(context);
        return this;
    }

    @Override
    public String getRawUri() {
        return uri;
    }

    @Override
    public String toString() {
        return uri;
    }

    @Override
    public <T extends Endpoint> T resolve(CamelContext context, Class<T> type) {
        throw new UnsupportedOperationException("made of a message");
    }

    @Override
    public Endpoint resolve(CamelContext context) {
        return resolve(context, Endpoint.class);
    }

    @Override
    public void doSetProperty(String name, Object value) {
        throw new UnsupportedOperationException(name);
    }

    @Override
    public void doSetMultiValueProperty(String name, String key, Object value) {
        throw new UnsupportedOperationException(name);
    }

    @Override
    public void doSetMultiValueProperties(String name, String prefix, Map<String, Object> values) {
        throw new UnsupportedOperationException(name);
    }
}

package dev.drover.delivery;

import dev.drover.batch.Batch;
import dev.drover.ledger.InContext;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.support.LanguageSupport;

/**
 * A step of a delivery route that sets headers of the request, also from values of its records, which must agree on
 * them. A value that cannot be a header is refused, so that no record can add another header. Thread-safe after its setup.
 */
public final class RecordHeaders extends InContext {

    private static final Pattern NAME = Pattern.compile("(?!(?i)camel|proxy-)[A-Za-z0-9!#$%&'*+.^_`|~-]+");

    /** The printable characters of Latin-1. A client replaces all others. */
    private static final Pattern VALUE = Pattern.compile("[\\t -~\\u00a0-\\u00ff]+");

    /** They belong to the connection, to the format, to the credentials or to Drover. */
    private static final Set<String> FORBIDDEN =
            Set.of(("authorization cache-control connection content-encoding content-length content-type cookie date"
                            + " expect host idempotency-key keep-alive pragma te trailer transfer-encoding upgrade via"
                            + " warning")
                    .split(" "));

    private final Map<String, Header> headers = new LinkedHashMap<>();

    /** A header, and whether its value is made of the records. */
    private record Header(String written, Expression value, boolean isMade) {}

    /**
     * The headers, separated by semicolons, such as {@code X-Tenant: ${body[tenant]}; X-Source: shop}; {@code none}, the
     * default, is no header. Names are literal; values are in Camel's simple language.
     *
     * @throws IllegalArgumentException if one has another form, or a name is not allowed
     */
    public void setHeaders(String list) {
        headers.clear();
        if (!list.equals("none")) {
            for (String header : list.split(";", -1)) {
                add(header.strip());
            }
        }
    }

    private void add(String header) {
        String[] parts = header.split(":", 2);
        String name = parts[0].strip();
        if (parts.length < 2 || parts[1].isBlank() || !NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("headers: '" + header
                    + "' is not allowed, it must be a literal name and a value, like X-Tenant: ${body[tenant]}");
        }
        if (FORBIDDEN.contains(name.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException(
                    "headers: " + name + " is not allowed: it belongs to the connection, to the"
                            + " format, to the credentials or to Drover");
        }
        String value = parts[1].strip();
        boolean isMade = LanguageSupport.hasSimpleFunction(value);
        if (isMade && !value.contains("${body")) {
            throw new IllegalArgumentException("headers: '" + header
                    + "' is not allowed, only the record is known there: write ${body[column]} or a literal value");
        }
        Expression expression = context().resolveLanguage("simple").createExpression(value);
        expression.init(context());
        headers.put(name, new Header(value, expression, isMade));
    }

    /**
     * Sets the headers of the request.
     *
     * @throws UnsendableException if the records disagree, or a value is missing or cannot be a header
     */
    public void set(Exchange exchange) {
        if (headers.isEmpty()) {
            return;
        }
        Batch batch = exchange.getProperty(Batch.PROPERTY, Batch.class);
        List<Exchange> records = batch == null
                ? List.of(exchange)
                : batch.items().stream()
                        .map(item -> MadeAddress.exchange(exchange, item))
                        .toList();
        headers.forEach((name, header) -> exchange.getMessage().setHeader(name, value(name, header, records)));
    }

    private static String value(String name, Header header, List<Exchange> records) {
        List<String> values = records.stream()
                .limit(header.isMade() ? records.size() : 1)
                .map(record -> Objects.requireNonNullElse(header.value().evaluate(record, String.class), ""))
                .distinct()
                .limit(2)
                .toList();
        if (values.size() > 1) {
            throw new UnsendableException("the records of the batch have different values of the header " + name);
        }
        String value = values.get(0);
        if (!VALUE.matcher(value).matches()) {
            throw new UnsendableException("the header " + name + " cannot have the value of " + header.written()
                    + ": it is empty, or has a character that no header can have");
        }
        return value;
    }
}

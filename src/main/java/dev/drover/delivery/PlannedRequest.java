package dev.drover.delivery;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A request as it would have been sent, without its secrets. Immutable. */
public final class PlannedRequest {

    private static final Pattern SECRET = Pattern.compile(
            "(?i)(proxy-)?authorization|cookie|(?!idempotency-).*(token|secret|passw|api-?key|signature).*");
    private static final Pattern PARAMETER = Pattern.compile("([?&])([^=&]+)=[^&]*");
    private static final Pattern SECRET_PARAMETER =
            Pattern.compile("(?i)code|key|sig|.*(token|secret|passw|api-?_?key|signature).*");

    /** A header of the request. */
    public record Header(String name, String value) {}

    private final String method;
    private final String url;
    private final List<Header> headers;
    private final byte[] body;

    PlannedRequest(String method, String url, List<Header> headers, byte[] body) {
        this.method = method;
        this.url = PARAMETER
                .matcher(url)
                .replaceAll(found -> SECRET_PARAMETER.matcher(found.group(2)).matches()
                        ? Matcher.quoteReplacement(found.group(1) + found.group(2) + "=***")
                        : Matcher.quoteReplacement(found.group()));
        this.headers = headers.stream()
                .map(header -> SECRET.matcher(header.name()).matches() ? new Header(header.name(), "***") : header)
                .toList();
        this.body = body.clone();
    }

    /** The HTTP method. */
    public String method() {
        return method;
    }

    /** The address. {@code ***} replaces the value of each query parameter that may be a secret. */
    public String url() {
        return url;
    }

    /** The headers in order. {@code ***} replaces credentials. */
    public List<Header> headers() {
        return headers;
    }

    /** A copy of the bytes of the body. */
    public byte[] body() {
        return body.clone();
    }
}

package dev.drover.delivery;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A request as it would have been sent, without its secrets.
 *
 * @param url the address; {@code ***} replaces the value of each query parameter that may be a secret
 * @param headers in order; {@code ***} replaces credentials
 */
@SuppressWarnings("ArrayRecordComponent") // requests are never compared
public record PlannedRequest(String method, String url, List<Header> headers, byte[] body) {

    private static final Pattern SECRET = Pattern.compile(
            "(?i)(proxy-)?authorization|cookie|(?!idempotency-).*(token|secret|passw|api-?key|signature).*");
    private static final Pattern PARAMETER = Pattern.compile("([?&])([^=&]+)=[^&]*");
    private static final Pattern SECRET_PARAMETER =
            Pattern.compile("(?i)code|key|sig|.*(token|secret|passw|api-?_?key|signature).*");

    public record Header(String name, String value) {}

    public PlannedRequest {
        url = PARAMETER
                .matcher(url)
                .replaceAll(found -> SECRET_PARAMETER.matcher(found.group(2)).matches()
                        ? Matcher.quoteReplacement(found.group(1) + found.group(2) + "=***")
                        : Matcher.quoteReplacement(found.group()));
        headers = headers.stream()
                .map(header -> SECRET.matcher(header.name()).matches() ? new Header(header.name(), "***") : header)
                .toList();
    }
}

package dev.drover.delivery;

import dev.drover.ledger.Trace;
import java.time.Clock;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.NameValuePair;

/**
 * The headers of an answer that Drover reads. They are kept in a property of the exchange, because the headers of an
 * answer must not get into the next request.
 *
 * @param type the media type in lower case, without parameters; empty for none
 * @param location where the answer redirects to; empty for nowhere
 * @param receipt of the receiver, for the trace; empty for none
 * @param quota what it says of a rate limit
 */
record AnswerHead(String type, String location, String receipt, Optional<Quota> quota) {

    /** The name of that property. */
    static final String PROPERTY = "droverAnswer";

    private static final Pattern PARAMETERS = Pattern.compile("[;,].*");

    static final AnswerHead NONE = new AnswerHead("", "", "", Optional.empty());

    static AnswerHead of(HttpResponse answer, Trace trace) {
        return new AnswerHead(
                PARAMETERS
                        .matcher(value(answer, HttpHeaders.CONTENT_TYPE))
                        .replaceFirst("")
                        .trim()
                        .toLowerCase(Locale.ROOT),
                value(answer, HttpHeaders.LOCATION),
                trace.header().map(name -> value(answer, name)).orElse(""),
                Quota.of(name -> values(answer, name), Clock.systemUTC()));
    }

    /** All headers of this name as one list; empty for none. */
    private static String values(HttpResponse answer, String name) {
        return Stream.of(answer.getHeaders(name))
                .map(NameValuePair::getValue)
                .filter(Objects::nonNull)
                .collect(Collectors.joining(", "));
    }

    /** The first header of this name; empty for none. */
    static String value(HttpResponse answer, String name) {
        Header header = answer.getFirstHeader(name);
        return header == null || header.getValue() == null ? "" : header.getValue();
    }
}

package dev.drover.delivery;

import dev.drover.ledger.Trace;
import java.time.Clock;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
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
    static final String PROPERTY = "answerHead";

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
                quota(answer));
    }

    private static Optional<Quota> quota(HttpResponse answer) {
        Map<String, String> fields = Arrays.stream(answer.getHeaders())
                .filter(header -> header.getValue() != null)
                .collect(Collectors.toMap(
                        NameValuePair::getName, NameValuePair::getValue, (one, other) -> one + ", " + other));
        return Quota.of(fields, Clock.systemUTC());
    }

    /** The first header of this name; empty for none. */
    static String value(HttpResponse answer, String name) {
        Header header = answer.getFirstHeader(name);
        return header == null || header.getValue() == null ? "" : header.getValue();
    }
}

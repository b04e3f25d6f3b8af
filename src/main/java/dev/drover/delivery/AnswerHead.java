package dev.drover.delivery;

import java.util.Locale;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpResponse;

/**
 * What the policies may ask of the head of an answer. It travels beside the message, since the headers of an answer must
 * not get into the next request.
 *
 * @param type the media type in lower case, without parameters; empty for none
 * @param location where the answer redirects to; empty for nowhere
 */
record AnswerHead(String type, String location) {

    /** The exchange property that has it. */
    static final String PROPERTY = "answerHead";

    static final AnswerHead NONE = new AnswerHead("", "");

    static AnswerHead of(HttpResponse answer) {
        return new AnswerHead(
                value(answer, HttpHeaders.CONTENT_TYPE)
                        .replaceFirst("[;,].*", "")
                        .trim()
                        .toLowerCase(Locale.ROOT),
                value(answer, HttpHeaders.LOCATION));
    }

    private static String value(HttpResponse answer, String name) {
        Header header = answer.getFirstHeader(name);
        return header == null || header.getValue() == null ? "" : header.getValue();
    }
}

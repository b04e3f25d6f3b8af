package dev.drover.outcome;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * The HTTP response to a batch.
 *
 * @param status the HTTP status
 * @param type the media type in lower case, without parameters; empty if the response has none
 * @param location the redirect address; empty if there is none
 * @param body the body as text
 */
public record Answer(int status, String type, String location, String body) {

    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    public boolean isSuccess() {
        return status >= 200 && status <= 299;
    }

    boolean isRedirect() {
        return status >= 300 && status <= 399;
    }

    /** Whether the media type is the given one or has its suffix: application/problem+json is also application/json. */
    boolean isOf(String media) {
        return type.equals(media) || type.endsWith("+" + media.substring(media.indexOf('/') + 1));
    }

    /** Whether the redirect address, with or without its host, has this prefix. */
    boolean redirectsTo(String prefix) {
        return location.startsWith(prefix)
                || location.replaceFirst("^[A-Za-z]*://[^/]*", "").startsWith(prefix);
    }

    JsonNode json() throws UnreadableAnswerException {
        try {
            JsonNode root = JSON.readTree(body.startsWith(BYTE_ORDER_MARK) ? body.substring(1) : body);
            if (root.isMissingNode()) {
                throw new UnreadableAnswerException("the answer is empty, and JSON is expected");
            }
            return root;
        } catch (JsonProcessingException e) {
            // no cause: its message quotes the body, which may repeat rows
            throw new UnreadableAnswerException("the answer is not JSON");
        }
    }
}

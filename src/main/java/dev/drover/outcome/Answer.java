package dev.drover.outcome;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * An answer to a batch, as far as it was read.
 *
 * @param status of HTTP
 * @param type the media type in lower case, without parameters; empty if the answer names none
 * @param location where the answer redirects to; empty if it does not
 * @param body the text of the answer
 */
public record Answer(int status, String type, String location, String body) {

    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    /** Whether the status is one of success. */
    public boolean isSuccess() {
        return status >= 200 && status <= 299;
    }

    /**
     * Whether it has this media type, or one with its suffix, such as application/problem+json for application/json.
     */
    boolean isOf(String media) {
        return type.equals(media) || type.endsWith("+" + media.substring(media.indexOf('/') + 1));
    }

    /** Whether it redirects to an address that begins like this, with or without its host. */
    boolean redirectsTo(String beginning) {
        return location.startsWith(beginning)
                || location.replaceFirst("^[A-Za-z]*://[^/]*", "").startsWith(beginning);
    }

    /** The body as JSON. */
    JsonNode json() throws UnreadableAnswerException {
        try {
            JsonNode root = JSON.readTree(body.startsWith(BYTE_ORDER_MARK) ? body.substring(1) : body);
            if (root.isMissingNode()) {
                throw new UnreadableAnswerException("the answer is empty, and JSON is expected");
            }
            return root;
        } catch (JsonProcessingException e) {
            // the message leaves out the text of the answer, which may repeat the rows
            throw new UnreadableAnswerException("the answer is not JSON");
        }
    }
}

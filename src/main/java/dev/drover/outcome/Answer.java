package dev.drover.outcome;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * An answer to a batch, as far as it was read.
 *
 * @param status of HTTP
 * @param body the text of the answer
 */
public record Answer(int status, String body) {

    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    /** Whether the status is one of success. */
    public boolean isSuccess() {
        return status >= 200 && status <= 299;
    }

    /** The body as JSON. */
    JsonNode json() throws UnreadableAnswerException {
        try {
            JsonNode root = JSON.readTree(body);
            if (root.isMissingNode()) {
                throw new UnreadableAnswerException("the answer is empty, and JSON is expected");
            }
            return root;
        } catch (JsonProcessingException e) {
            // the text of the answer stays out of the message: it may repeat the rows
            throw new UnreadableAnswerException("the answer is not JSON");
        }
    }
}

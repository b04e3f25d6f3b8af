package dev.drover.delivery;

import java.io.IOException;

/** The connection was closed before the whole body of the request was sent, and no answer refused the request. */
final class BodyCutException extends IOException {

    private static final long serialVersionUID = 1;

    BodyCutException(IOException cause) {
        super("the connection was closed while the body was being sent", cause);
    }
}

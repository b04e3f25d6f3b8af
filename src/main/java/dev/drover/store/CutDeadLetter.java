package dev.drover.store;

import com.fasterxml.jackson.annotation.JsonUnwrapped;

/**
 * A dead letter with no more than the beginning of its payload.
 *
 * @param letter with the beginning
 * @param payloadLength how many characters the payload has in all, as its database counts them; 0 if there is none
 * @param cut whether the payload is longer than its beginning here
 */
public record CutDeadLetter(@JsonUnwrapped DeadLetter letter, long payloadLength, boolean cut) {}

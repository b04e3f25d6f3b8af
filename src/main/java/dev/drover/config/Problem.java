package dev.drover.config;

/**
 * A problem with a property of a bean.
 *
 * @param message what is wrong and what is allowed; never contains a secret
 */
public record Problem(String property, String message) {}

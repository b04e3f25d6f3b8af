package dev.drover.config;

/**
 * What is wrong with a property of a bean.
 *
 * @param property its name
 * @param message what is wrong and what is allowed; has no value of a secret
 */
public record Problem(String property, String message) {}

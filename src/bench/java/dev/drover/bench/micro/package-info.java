/**
 * What each row costs in the steps of a pipeline, measured on the classes that do them, without a network:
 * {@code mvn -Pbench verify -Dbench.main=org.openjdk.jmh.Main -Dbench.arguments="bench.micro"}.
 */
package dev.drover.bench.micro;

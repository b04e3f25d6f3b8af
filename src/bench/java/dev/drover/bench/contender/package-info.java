/**
 * The ways to do the work that are written in Java, each as a good user would write it; each is a process of its own.
 */
package dev.drover.bench.contender;

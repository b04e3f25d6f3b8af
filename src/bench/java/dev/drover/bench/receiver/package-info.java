/** The service that everything is sent to: a process of its own that counts and does little else. */
package dev.drover.bench.receiver;

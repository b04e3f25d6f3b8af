/** The image: built from the Dockerfile without a daemon, and run as an orchestrator runs it. */
package dev.drover.container;

/** The program as its users run it: a process that is started, killed and told to stop. */
package dev.drover.process;

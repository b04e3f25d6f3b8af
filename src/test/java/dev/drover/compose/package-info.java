/** The Compose file names what exists: files, services and their ports, settings of the program, and no secret. */
package dev.drover.compose;

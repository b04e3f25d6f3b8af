/** The user's folder of routes: its files, settings and definitions, and the built-in ones that complete them. */
@NullMarked
package dev.drover.folder;

import org.jspecify.annotations.NullMarked;

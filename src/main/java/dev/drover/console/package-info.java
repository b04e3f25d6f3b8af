/** The console in the browser, on the management port: its page, its data as JSON and its actions. */
@NullMarked
package dev.drover.console;

import org.jspecify.annotations.NullMarked;

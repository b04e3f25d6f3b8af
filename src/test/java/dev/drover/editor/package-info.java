/** The routes in Kaoto, the visual editor, and the catalog from which it draws them. */
@NullMarked
package dev.drover.editor;

import org.jspecify.annotations.NullMarked;

/** Credentials from the environment or mounted files, added to each attempt and covered in each answer. */
@NullMarked
package dev.drover.credentials;

import org.jspecify.annotations.NullMarked;

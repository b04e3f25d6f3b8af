/** The published pages are true: what can be generated is, every YAML lints, every command and name exists. */
package dev.drover.site;

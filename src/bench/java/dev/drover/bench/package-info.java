/** What Drover costs beside other ways to do the same work: {@code mvn -Pbench verify}. */
package dev.drover.bench;

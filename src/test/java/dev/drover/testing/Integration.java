package dev.drover.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;

/**
 * Marks a test that starts a database server, a broker, a browser, a container, another process, or the whole program.
 * Such tests run in Failsafe. All others are unit tests: they run in Surefire, and need nothing but Java. {@link
 * IntegrationTagTest} finds a class that lacks this mark.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@Tag("integration")
public @interface Integration {}

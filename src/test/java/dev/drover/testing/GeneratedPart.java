package dev.drover.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A part of a published page that a test makes, between {@code <!-- generated: NAME -->} and {@code <!-- end: NAME -->}.
 * The test fails when the page says anything else; {@code -Ddrover.site.write=true} writes the part anew.
 */
public record GeneratedPart(Path page, String name) {

    public static GeneratedPart of(String page, String name) {
        return new GeneratedPart(Path.of("src/site/markdown", page), name);
    }

    public void assertPublished(String text) throws IOException {
        String generated = with(text);
        if (Boolean.getBoolean("drover.site.write")) {
            Files.writeString(page, generated);
        }
        assertThat(Files.readString(page)).isEqualTo(generated);
    }

    private String with(String text) throws IOException {
        String published = Files.readString(page);
        String begin = "<!-- generated: " + name + " -->\n";
        String end = "<!-- end: " + name + " -->\n";
        assertThat(published).contains(begin, end);
        return published.substring(0, published.indexOf(begin) + begin.length())
                + text
                + published.substring(published.indexOf(end));
    }
}

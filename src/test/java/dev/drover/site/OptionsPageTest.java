package dev.drover.site;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.testing.GeneratedPart;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code options.md} says what the code says: its parts are made of settings, metadata, comments and commands. */
class OptionsPageTest {

    @Test
    void shouldPublishEverySettingWhenOneIsAdded() throws Exception {
        assertPublished("settings", SettingsText.text());
    }

    @Test
    void shouldPublishTheOptionsOfPagesWhenOneIsAdded() throws Exception {
        assertPublished("pages", ComponentText.endpoint());
        assertPublished("component", ComponentText.component());
    }

    @Test
    void shouldPublishThePropertiesOfBeansWhenOneIsAdded() throws Exception {
        assertPublished("beans", BeansText.text());
    }

    @Test
    void shouldPublishTheCommandsWhenOneIsAdded() throws Exception {
        assertPublished("commands", CommandsText.text());
    }

    private static void assertPublished(String name, String text) throws Exception {
        assertThat(List.of(text.split("\n", -1))).hasSizeGreaterThan(4);
        GeneratedPart.of("options.md", name).assertPublished(text);
    }
}

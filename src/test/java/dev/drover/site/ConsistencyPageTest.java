package dev.drover.site;

import dev.drover.config.Promise;
import dev.drover.consistency.Premise;
import dev.drover.consistency.Proof;
import dev.drover.testing.GeneratedPart;
import org.junit.jupiter.api.Test;

/** {@code consistency.md} lists the premises and promises that the code has. */
class ConsistencyPageTest {

    @Test
    void shouldPublishEveryPremiseWhenOneIsAdded() throws Exception {
        StringBuilder text = new StringBuilder("| mode | on | premise | what it needs | where it is not proven |\n");
        text.append("|---|---|---|---|---|\n");
        for (Proof proof : Proof.values()) {
            proof.premises().forEach(premise -> text.append("| `")
                    .append(proof.mode())
                    .append("` | ")
                    .append(proof.database())
                    .append(" | ")
                    .append(premise.name())
                    .append(" | ")
                    .append(premise.needs())
                    .append(" | ")
                    .append(otherwise(premise))
                    .append(" |\n"));
        }
        GeneratedPart.of("consistency.md", "premises").assertPublished(text.toString());
    }

    @Test
    void shouldPublishEveryPromiseWhenOneIsAdded() throws Exception {
        StringBuilder text = new StringBuilder("| promise | what you vouch for |\n|---|---|\n");
        for (Promise promise : Promise.values()) {
            text.append("| `")
                    .append(promise.word())
                    .append("` | ")
                    .append(promise.text())
                    .append(" |\n");
        }
        GeneratedPart.of("consistency.md", "promises").assertPublished(text.toString());
    }

    private static String otherwise(Premise premise) {
        return premise.promisedBy()
                .map(promise -> "refused, unless you promise `" + promise.word() + "`")
                .orElse("refused");
    }
}

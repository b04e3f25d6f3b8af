package dev.drover.outcome;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drover.outcome.Fate.Kind;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PoliciesTest {

    private static final List<Map<String, Object>> BODIES =
            List.of(Map.of("id", 7), Map.of("id", "8"), Map.of("id", 9L));

    private final PolicySettings settings = new PolicySettings() {};

    @ParameterizedTest
    @CsvSource({"accepted, ACCEPTED", "retried, RETRIED", "refused, REFUSED"})
    void shouldTakeAConflictForWhatIsConfigured(String conflict, Kind kind) throws Exception {
        settings.setPolicy("bulk-items");
        settings.setConflict(conflict);

        assertThat(kinds(201, "[{'ok':true},{'error':'conflict'},{'id':'9','rev':'1-a'}]"))
                .containsExactly(Kind.ACCEPTED, kind, Kind.ACCEPTED);
    }

    @ParameterizedTest
    @CsvSource({
        "102, RETRIED",
        "400, REFUSED",
        "413, REFUSED",
        "415, REFUSED",
        "422, REFUSED",
        "401, RETRIED",
        "404, RETRIED",
        "429, RETRIED",
        "500, RETRIED"
    })
    void shouldRefuseARecordOnlyForWhatIsInIt(int status, Kind kind) throws Exception {
        settings.setPolicy("multi-status");

        assertThat(kinds(207, "[{'status':201},{'status':" + status + ",'error':'no'},{'status':204}]"))
                .containsExactly(Kind.ACCEPTED, kind, Kind.ACCEPTED);
    }

    @Test
    void shouldFindRecordsByTheirIdsWhenItemsHaveThem() throws Exception {
        settings.setPolicy("multi-status");
        settings.setItems("/results");
        settings.setId("/ref");

        assertThat(kinds(207, "{'results':[{'ref':9,'status':503},{'ref':7,'status':200},{'ref':'8','status':422}]}"))
                .containsExactly(Kind.ACCEPTED, Kind.REFUSED, Kind.RETRIED);
        assertUnreadable(207, "{'results':[{'ref':9,'status':503},{'ref':9,'status':200},{'ref':'8','status':422}]}");
        assertUnreadable(207, "{'results':[{'ref':5,'status':503},{'ref':7,'status':200},{'ref':'8','status':422}]}");
    }

    @Test
    void shouldFindRefusedRecordsByIdOrPlaceWhenTheyAreListed() throws Exception {
        settings.setPolicy("json-pointer");
        settings.setItems("/failed");

        assertThat(kinds(400, "{'failed':[0,2]}")).containsExactly(Kind.REFUSED, Kind.ACCEPTED, Kind.REFUSED);
        assertUnreadable(400, "{'failed':[3]}");
        assertUnreadable(400, "{'failed':[-1]}");
        assertUnreadable(400, "{'failed':[]}");
        assertUnreadable(200, "{'failed':'none'}");
        settings.setId("/id");
        assertThat(kinds(400, "{'failed':[{'id':8}]}")).containsExactly(Kind.ACCEPTED, Kind.REFUSED, Kind.ACCEPTED);
        assertThat(kinds(400, "{'failed':['9']}")).containsExactly(Kind.ACCEPTED, Kind.ACCEPTED, Kind.REFUSED);
        assertUnreadable(400, "{'failed':['5']}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "{}", "{'batchItemFailures':null}", "{'batchItemFailures':[]}"})
    void shouldAcceptAllWhenNoItemFailed(String body) throws Exception {
        settings.setPolicy("batch-item-failures");

        assertThat(kinds(200, body)).containsOnly(Kind.ACCEPTED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{'batchItemFailures':'7'}",
                "{'batchItemFailures':[{}]}",
                "{'batchItemFailures':[{'itemIdentifier':''}]}",
                "{'batchItemFailures':[{'itemIdentifier':null}]}",
                "{'batchItemFailures':[{'itemIdentifier':'5'}]}"
            })
    void shouldAcceptNothingWhenTheFailuresCanNotBeRead(String body) {
        settings.setPolicy("batch-item-failures");

        assertUnreadable(200, body);
    }

    @Test
    void shouldRefuseAnItemThatFailedTooOften() throws Exception {
        settings.setPolicy("batch-item-failures");
        settings.setAttempts(3);
        Answer answer = answer(200, "{'batchItemFailures':[{'itemIdentifier':'7'}]}");

        assertThat(settings.read(answer, BODIES, 2).get(0).kind()).isEqualTo(Kind.RETRIED);
        assertThat(settings.read(answer, BODIES, 3).get(0).kind()).isEqualTo(Kind.REFUSED);
    }

    @Test
    void shouldReadEachItemByTheMemberThatSaysThatItFailed() throws Exception {
        settings.setPolicy("items");
        settings.setFailed("!/ok");
        settings.setAgain("Throttled, Busy");

        assertThat(kinds(200, "[{'ok':true},{'ok':false,'code':'Throttled'},{'code':'Invalid'}]"))
                .containsExactly(Kind.ACCEPTED, Kind.RETRIED, Kind.REFUSED);
        assertThat(kinds(200, "[{'ok':1},{'ok':null,'status':503},{'ok':'','status':422}]"))
                .containsExactly(Kind.ACCEPTED, Kind.RETRIED, Kind.REFUSED);
        assertThat(kinds(200, "[{'ok':'True'},{'ok':0},{'ok':'false'}]"))
                .containsExactly(Kind.ACCEPTED, Kind.REFUSED, Kind.REFUSED);
        settings.setFailed("/error");
        assertThat(kinds(200, "[{'error':null},{'error':'no'},{'error':[]}]"))
                .containsExactly(Kind.ACCEPTED, Kind.REFUSED, Kind.ACCEPTED);
        assertUnreadable(200, "[{},{},'x']");
        assertUnreadable(200, "[{},{}]");
        assertUnreadable(200, "{}");
    }

    @Test
    void shouldSendEachFailedRecordAgainWhenAllFailuresMayPass() throws Exception {
        settings.setPolicy("items");
        settings.setAgain("*");

        assertThat(kinds(200, "[{'status':200},{'status':422},{'status':500}]"))
                .containsExactly(Kind.ACCEPTED, Kind.RETRIED, Kind.RETRIED);
    }

    @Test
    void shouldSendAgainWhatWasNotTried() throws Exception {
        settings.setPolicy("json-pointer");
        settings.setItems("/failed");
        settings.setAgain("stopped");

        assertThat(kinds(200, "{'failed':[{'index':0,'code':'invalid'},{'index':2,'code':'stopped'}]}"))
                .containsExactly(Kind.REFUSED, Kind.ACCEPTED, Kind.RETRIED);
    }

    @Test
    void shouldAcceptTheRecordsBeforeTheFirstThatWasNotStored() throws Exception {
        settings.setPolicy("stored-before");

        assertThat(kinds(400, "{'index':1}")).containsExactly(Kind.ACCEPTED, Kind.REFUSED, Kind.RETRIED);
        assertThat(kinds(200, "{'index':3}")).containsOnly(Kind.ACCEPTED);
        assertThat(kinds(200, "")).containsOnly(Kind.ACCEPTED);
        assertThat(kinds(200, "{}")).containsOnly(Kind.ACCEPTED);
        assertUnreadable(400, "{'index':3}");
        assertUnreadable(400, "");
        assertUnreadable(400, "{}");
        assertUnreadable(400, "{'index':4}");
        assertUnreadable(400, "{'index':-1}");
        settings.setAgain("busy");
        assertThat(kinds(200, "{'index':0,'code':'busy'}")).containsOnly(Kind.RETRIED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"status", "multi-status", "items", "bulk-items", "batch-item-failures", "json-pointer"})
    void shouldAcceptNothingWhenAFailureNamesNoRecord(String policy) {
        settings.setPolicy(policy);

        assertUnreadable(400, "");
        assertUnreadable(400, "{}");
        assertUnreadable(409, "{'failed':[]}");
        assertUnreadable(302, "");
    }

    @Test
    void shouldAcceptOnlyARedirectToTheAddressThatMeansAccepted() throws Exception {
        settings.setRedirectTo("/thanks");

        for (String thanks : List.of("/thanks", "/thanks?id=7", "https://form.example/thanks/7")) {
            assertThat(settings.read(new Answer(302, "", thanks, ""), BODIES, 1))
                    .extracting(Fate::kind)
                    .containsOnly(Kind.ACCEPTED);
        }
        for (String elsewhere : List.of("/login?next=/thanks", "", "https://form.example/login")) {
            assertThatThrownBy(() -> settings.read(new Answer(303, "", elsewhere, ""), BODIES, 1))
                    .hasMessage("status 303 redirects elsewhere than to /thanks");
        }
    }

    @Test
    void shouldAcceptNothingOfAnotherTypeThanTheAnswerMustHave() throws Exception {
        settings.setType("application/json");

        for (String right : List.of("application/json", "application/problem+json")) {
            assertThat(settings.read(new Answer(200, right, "", "{}"), BODIES, 1))
                    .hasSize(3);
        }
        for (String wrong : List.of("text/html", "", "application/jsonp")) {
            assertThatThrownBy(() -> settings.read(new Answer(200, wrong, "", "{}"), BODIES, 1))
                    .isInstanceOf(UnreadableAnswerException.class)
                    .hasMessageEndingWith("and not application/json");
        }
    }

    @Test
    void shouldReadJsonThatBeginsWithAByteOrderMark() throws Exception {
        settings.setPolicy("items");

        assertThat(kinds(200, "\uFEFF[{'status':200},{'status':200},{'status':200}]"))
                .containsOnly(Kind.ACCEPTED);
    }

    private void assertUnreadable(int status, String body) {
        assertThatThrownBy(() -> kinds(status, body)).isInstanceOf(UnreadableAnswerException.class);
    }

    private List<Kind> kinds(int status, String body) throws UnreadableAnswerException {
        return settings.read(answer(status, body), BODIES, 1).stream()
                .map(Fate::kind)
                .toList();
    }

    private static Answer answer(int status, String body) {
        return new Answer(status, "application/json", "", body.replace('\'', '"'));
    }
}

package dev.drover.pages;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.drover.MariaDbServer;
import dev.drover.PostgresServer;
import dev.drover.Sql;
import dev.drover.rows.RecordMapper;
import dev.drover.rows.TableReader;
import dev.drover.sql.PageRequest;
import dev.drover.testing.GeneratedPart;
import dev.drover.testing.Integration;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.jackson.JacksonDataFormat;
import org.apache.camel.component.sql.SqlComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.mariadb.jdbc.MariaDbDataSource;

/**
 * The published table of types is what the databases and both forms of reading really do. Each line of it is a row that
 * is inserted, read by the table form and by a read step, and written by Camel's own JSON data format.
 * {@code -Ddrover.site.write=true} writes the tables anew.
 */
@Integration
class TypesPageTest {

    private static final DefaultCamelContext CAMEL = new DefaultCamelContext();
    private static final JacksonDataFormat JSON = new JacksonDataFormat();
    private static final Comparator<JsonNode> BY_VALUE =
            (a, b) -> a.isNumber() && b.isNumber() ? a.decimalValue().compareTo(b.decimalValue()) : a.equals(b) ? 0 : 1;
    private static int tables;

    @BeforeAll
    static void start() {
        JSON.setCamelContext(CAMEL);
        CAMEL.getComponent("sql", SqlComponent.class).setRowMapperFactory(new RecordMapper());
        CAMEL.start();
        JSON.start();
    }

    @AfterAll
    static void stop() {
        JSON.stop();
        CAMEL.stop();
    }

    @Test
    void shouldPublishWhatIsSentWhenTheDatabaseIsPostgres() throws Exception {
        // Given
        DataSource postgres = PostgresServer.newDatabase();
        Sql.run(
                postgres,
                "CREATE EXTENSION citext",
                "CREATE TYPE mood AS ENUM ('calm', 'glad')",
                "CREATE TYPE place AS (street text, number int)");

        // Then
        assertPublished("postgresql", postgres);
    }

    @Test
    void shouldPublishWhatIsSentWhenTheDatabaseIsMariaDb() throws Exception {
        // Given: it stores zero dates and times only when it is not strict
        String url = MariaDbServer.newDatabase() + "?user=root&sessionVariables=sql_mode=''";

        // Then
        assertPublished("mariadb", new MariaDbDataSource(url));
    }

    @Test
    void shouldPublishWhatIsSentWhenTheDatabaseIsH2() throws Exception {
        // Then
        assertPublished("h2", Sql.newH2());
    }

    private static void assertPublished(String name, DataSource database) throws Exception {
        // When
        String table = table(name, database);

        // Then
        GeneratedPart.of("types.md", name).assertPublished(table);
    }

    private static String table(String name, DataSource database) throws Exception {
        StringBuilder table =
                new StringBuilder("| column type | value in SQL | JSON sent | note |\n|---|---|---|---|\n");
        CAMEL.getRegistry().bind(name, database);
        try (ProducerTemplate template = CAMEL.createProducerTemplate()) {
            for (String line : values(name)) {
                String[] parts = line.split(Pattern.quote(" | "), -1);
                String note = parts.length > 2 ? parts[2] : "";
                table.append("| " + code(parts[0]) + " | " + code(parts[1]) + " | "
                        + code(sent(template, name, database, parts[0], parts[1])) + " | " + note + " |\n");
            }
        }
        return table.toString();
    }

    private static List<String> values(String name) throws IOException {
        return Files.readAllLines(Path.of("src/test/resources/types/" + name + ".txt"));
    }

    /** A character that would break the line of the table stands there as its escape. */
    private static String code(String text) {
        return "`" + text.replace("|", "\\|") + "`";
    }

    /** The JSON of the one value, the same by both forms. */
    private static String sent(ProducerTemplate template, String name, DataSource database, String type, String literal)
            throws Exception {
        String table = "types_" + ++tables;
        Sql.run(
                database,
                "CREATE TABLE " + table + " (id INT PRIMARY KEY, v " + type + ")",
                "INSERT INTO " + table + " VALUES (1, " + literal + ")");
        List<?> byTable = new TableReader(database, table, List.of("id"))
                .read(PageRequest.after(null, 10))
                .records();
        List<?> byStep = template.requestBody(
                "sql:SELECT * FROM " + table + " WHERE id > 0 ORDER BY id LIMIT 10?dataSource=#" + name,
                null,
                List.class);
        String json = json(byTable);
        assertThat(json(byStep)).isEqualTo(json).startsWith("[{\"id\":1,\"v\":").endsWith("}]");
        assertThat(tree(json(shaped(byTable))).equals(BY_VALUE, tree(json)))
                .as("the same by jq")
                .isTrue();
        return json.substring("[{\"id\":1,\"v\":".length(), json.length() - "}]".length());
    }

    /** The same fields by jq, which may only write a number in another form. */
    private static List<?> shaped(List<?> records) {
        DefaultExchange exchange = new DefaultExchange(CAMEL);
        exchange.getMessage().setBody(records.get(0));
        return List.of(CAMEL.resolveLanguage("jq").createExpression("{id, v}").evaluate(exchange, Object.class));
    }

    private static JsonNode tree(String json) throws Exception {
        return new ObjectMapper()
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .readTree(json);
    }

    private static String json(List<?> records) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        JSON.marshal(new DefaultExchange(CAMEL), records, bytes);
        return bytes.toString(StandardCharsets.UTF_8);
    }
}

package dev.drover.pages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.PostgresServer;
import dev.drover.Sql;
import dev.drover.rows.RowReader;
import dev.drover.rows.SourceRecord;
import dev.drover.testing.Integration;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.apache.camel.component.jackson.JacksonDataFormat;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a column holds arrives in the JSON of Camel's own data format, as it stands there. */
@Integration
class ExactTypesTest {

    private static DefaultCamelContext camel;
    private static JacksonDataFormat json;
    private static DataSource h2;
    private static DataSource postgres;

    @BeforeAll
    static void start() throws SQLException {
        camel = new DefaultCamelContext();
        json = new JacksonDataFormat();
        json.setCamelContext(camel);
        camel.start();
        json.start();
        h2 = Sql.newH2();
        postgres = PostgresServer.newDatabase();
        Sql.run(postgres, "CREATE TYPE mood AS ENUM ('calm')", "CREATE DOMAIN cents AS numeric(9, 2)");
    }

    @AfterAll
    static void stop() {
        json.stop();
        camel.stop();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
        bigint '9223372036854775807'                       | 9223372036854775807
        integer '-2147483648'                              | -2147483648
        smallint '-7'                                      | -7
        numeric(38, 2) '123456789012345678901234567890.10' | 123456789012345678901234567890.10
        numeric(20, 10) '0.0000000001'                     | 0.0000000001
        double precision '0.1'                             | 0.1
        double precision 'NaN'                             | "NaN"
        double precision '-Infinity'                       | "-Infinity"
        real '0.25'                                        | 0.25
        boolean 'true'                                     | true
        varchar(20) 'a"b\\c €😀'                           | "a\\"b\\\\c €\\uD83D\\uDE00"
        varchar(20) ''                                     | ""
        char(4) 'ab'                                       | "ab  "
        date '2024-02-29'                                  | "2024-02-29"
        time '12:30:00'                                    | "12:30:00"
        time(6) '12:30:00.000001'                          | "12:30:00.000001"
        time with time zone '12:30:00+02:00'               | "12:30:00+02:00"
        timestamp '2024-05-01 12:30:00.123456'             | "2024-05-01T12:30:00.123456"
        timestamp '2024-05-01 12:30:00'                    | "2024-05-01T12:30:00"
        uuid '0f8fad5b-d9cb-469f-a165-70867728950e'        | "0f8fad5b-d9cb-469f-a165-70867728950e"
        bigint NULL                                        | null
        integer NULL                                       | null
        double precision NULL                              | null
        boolean NULL                                       | null
        numeric(9, 2) NULL                                 | null
        timestamp NULL                                     | null
        uuid NULL                                          | null
        varchar(20) NULL                                   | null
        """)
    void shouldWriteTheSameExactJsonOnBothWhenTypesAreStandard(String typed, String expected) throws Exception {
        // When
        String fromH2 = jsonOf(h2, cast(typed));
        String fromPostgres = jsonOf(postgres, cast(typed));

        // Then
        assertThat(List.of(fromH2, fromPostgres)).containsOnly("[{\"v\":" + expected + "}]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
        numeric 'NaN'                                | "NaN"
        numeric 'Infinity'                           | "Infinity"
        numeric '1000000'                            | 1000000
        numeric '10.50'                              | 10.50
        cents '10.50'                                | 10.50
        timestamptz '2024-05-01 12:30:00.5+02'       | "2024-05-01T10:30:00.500Z"
        timestamptz 'infinity'                       | "infinity"
        timestamp '-infinity'                        | "-infinity"
        date 'infinity'                              | "infinity"
        date '0044-03-15 BC'                         | "-0043-03-15"
        date '20240-03-15'                           | "+20240-03-15"
        time '24:00:00'                              | "24:00:00"
        bytea '\\x00ff10'                            | "AP8Q"
        bytea NULL                                   | null
        text 'x'                                     | "x"
        mood 'calm'                                  | "calm"
        money '12.50'                                | "$12.50"
        bit(4) '1010'                                | "1010"
        bit(1) '1'                                   | "1"
        interval '1 day'                             | "1 day"
        inet '10.0.0.1'                              | "10.0.0.1"
        xml '<a/>'                                   | "<a/>"
        oid '4294967295'                             | 4294967295
        json '{"a": 1.10, "a": 2}'                   | {"a": 1.10, "a": 2}
        json NULL                                    | null
        jsonb '[1.10]'                               | [1.10]
        bigint[] '{1,9223372036854775807,NULL}'      | [1,9223372036854775807,null]
        numeric[] '{1.10,NaN}'                       | [1.10,"NaN"]
        text[] '{"a,b",NULL,"c\\"d"}'                | ["a,b",null,"c\\"d"]
        int[] '{{1,2},{3,4}}'                        | [[1,2],[3,4]]
        int[] '{}'                                   | []
        int[] NULL                                   | null
        bool[] '{t,f}'                               | [true,false]
        timestamp[] '{2024-03-31 02:30:00}'          | ["2024-03-31T02:30:00"]
        timestamptz[] '{2024-03-31 02:30:00+00}'     | ["2024-03-31T02:30:00Z"]
        uuid[] '{0f8fad5b-d9cb-469f-a165-70867728950e}' | ["0f8fad5b-d9cb-469f-a165-70867728950e"]
        date[] '{infinity}'                          | ["infinity"]
        jsonb[] '{"{}"}'                             | [{}]
        """)
    void shouldWriteExactJsonWhenTypesArePostgres(String typed, String expected) throws Exception {
        // When
        String actual = jsonOf(postgres, cast(typed));

        // Then
        assertThat(actual).isEqualTo("[{\"v\":" + expected + "}]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
        CAST(1 AS tinyint)                                        | 1
        CAST('10.25' AS decfloat)                                 | 10.25
        CAST('1E3' AS decfloat)                                   | 1000
        CAST('1E+1000000' AS decfloat)                            | 1E+1000000
        CAST('NaN' AS decfloat)                                   | "NaN"
        TIMESTAMP WITH TIME ZONE '2024-05-01 12:30:00+02:00'      | "2024-05-01T12:30:00+02:00"
        CAST('x' AS clob)                                         | "x"
        CAST(NULL AS clob)                                        | null
        CAST(X'00ff10' AS blob)                                   | "AP8Q"
        CAST(X'00ff10' AS varbinary(3))                           | "AP8Q"
        CAST(X'00ff10' AS java_object)                            | "AP8Q"
        JSON '{"a":1.10}'                                         | {"a":1.10}
        ARRAY[1, NULL]                                            | [1,null]
        ARRAY[1.10, 2.25]                                         | [1.10,2.25]
        ARRAY[ARRAY['a']]                                         | [["a"]]
        CAST(ARRAY['2024-05-01 12:30:00'] AS timestamp array)     | ["2024-05-01T12:30:00"]
        CAST('a' AS enum('a', 'b'))                               | "a"
        CAST('a' AS varchar_ignorecase)                           | "a"
        INTERVAL '1' DAY                                          | "INTERVAL '1' DAY"
        """)
    void shouldWriteExactJsonWhenTypesAreH2(String expression, String expected) throws Exception {
        // When
        String actual = jsonOf(h2, expression);

        // Then
        assertThat(actual).isEqualTo("[{\"v\":" + expected + "}]");
    }

    @Test
    void shouldWriteExactJsonWhenPostgresSwitchesToBinaryTransfer() throws Exception {
        // Given
        Sql.run(
                postgres,
                "CREATE TABLE mixed (id bigint, n numeric, at timestamptz, f float8, t time, b bytea, ns numeric[])",
                "INSERT INTO mixed VALUES (1, 'NaN', 'infinity', 'NaN', '24:00', '\\x00', '{NaN,1.10}'),"
                        + " (2, 1000000, '2024-05-01 12:30Z', 0.1, '12:30', '\\x01', '{0.0000000001}')");
        String expected =
                "[{\"id\":1,\"n\":\"NaN\",\"at\":\"infinity\",\"f\":\"NaN\",\"t\":\"24:00:00\",\"b\":\"AA==\","
                        + "\"ns\":[\"NaN\",1.10]},{\"id\":2,\"n\":1000000,\"at\":\"2024-05-01T12:30:00Z\",\"f\":0.1,"
                        + "\"t\":\"12:30:00\",\"b\":\"AQ==\",\"ns\":[0.0000000001]}]";

        // When
        List<String> pages = new ArrayList<>();
        try (var connection = postgres.getConnection();
                var statement = connection.prepareStatement("SELECT * FROM mixed ORDER BY id")) {
            for (int execution = 0; execution < 8; execution++) {
                try (var rows = statement.executeQuery()) {
                    RowReader reader = new RowReader(rows, 0);
                    List<SourceRecord> records = new ArrayList<>();
                    while (rows.next()) {
                        records.add(reader.read());
                    }
                    pages.add(marshal(records));
                }
            }
        }

        // Then
        assertThat(pages).hasSize(8).containsOnly(expected);
    }

    @Test
    void shouldKeepARecordOnOneLineWhenItsJsonColumnHasSeveral() throws Exception {
        // When
        String actual = jsonOf(postgres, "'{\"a\":\r\n \"x\\ny\"}'::json");

        // Then
        assertThat(actual).isEqualTo("[{\"v\":{\"a\":   \"x\\ny\"}}]");
    }

    private static String cast(String typed) {
        int value = Math.max(typed.indexOf('\''), typed.indexOf("NULL"));
        value = typed.indexOf('\'') >= 0 ? typed.indexOf('\'') : value;
        return "CAST(" + typed.substring(value) + " AS " + typed.substring(0, value) + ")";
    }

    private static String jsonOf(DataSource dataSource, String expression) throws Exception {
        try (var connection = dataSource.getConnection();
                var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT " + expression + " AS v")) {
            RowReader reader = new RowReader(rows, 0);
            rows.next();
            return marshal(List.of(reader.read()));
        }
    }

    private static String marshal(List<SourceRecord> records) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        json.marshal(new DefaultExchange(camel), records, bytes);
        return bytes.toString(StandardCharsets.UTF_8);
    }
}

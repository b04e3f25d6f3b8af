package dev.drover.oracle;

import dev.drover.testing.Database;
import dev.drover.testing.Engine;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What is read: a table, or something that can be read like one. Each row has a {@code uid} of its own, which is no
 * part of the key: by it rows are told apart, whatever their keys are.
 *
 * @param kind what the relation is
 * @param unique what the database says about its key
 * @param names how its names are written
 * @param relation its name as a route has it
 * @param key its key
 * @param ddl what makes it
 */
record Schema(
        Engine engine, Kind kind, Unique unique, Names names, String relation, List<KeyPart> key, List<String> ddl) {

    enum Kind {
        TABLE,
        OTHER_SCHEMA,
        VIEW,
        JOIN,
        UNION,
        INHERITED,
        PARTITIONED,
        FOREIGN
    }

    enum Unique {
        PRIMARY_KEY,
        INDEX,
        DEFERRABLE,
        PARTIAL,
        /** What a failed CREATE INDEX CONCURRENTLY leaves. */
        INVALID,
        PREFIX,
        NULLABLE,
        NONE
    }

    public enum Names {
        PLAIN,
        UPPER,
        MIXED,
        RESERVED
    }

    static Schema of(Engine engine, Dice dice, Database database, boolean transactions, boolean claims) {
        Names names = dice.chance(75) ? Names.PLAIN : dice.one(Names.UPPER, Names.MIXED, Names.RESERVED);
        List<KeyPart> key = transactions ? transactionKey() : key(engine, dice, names);
        Kind kind = dice.chance(72) ? Kind.TABLE : dice.one(kinds(engine));
        if (kind == Kind.PARTITIONED || kind == Kind.INHERITED) {
            key = key.stream().map(Schema::withoutIdentity).toList();
        }
        Unique unique = dice.chance(90) ? Unique.PRIMARY_KEY : dice.one(uniques(engine, key.get(0)));
        String relation = name(names, names == Names.RESERVED ? "order" : "entry");
        Schema schema = new Schema(
                engine,
                kind,
                unique,
                names,
                kind == Kind.OTHER_SCHEMA ? "other." + relation : relation,
                key,
                new ArrayList<>());
        schema.define(database, claims);
        if (kind == Kind.TABLE && (transactions ? dice.chance(50) : dice.chance(8))) {
            schema.ddl.addAll(schema.trigger(transactions, dice));
        }
        return schema;
    }

    private static List<KeyPart> transactionKey() {
        KeyType xid = new KeyType("xid8", "'0'", dice -> "");
        return List.of(
                new KeyPart("written_by", xid, "xid8 DEFAULT pg_current_xact_id()"),
                new KeyPart("id", xid, "bigint GENERATED ALWAYS AS IDENTITY"));
    }

    private static List<KeyPart> key(Engine engine, Dice dice, Names names) {
        List<KeyPart> key = new ArrayList<>();
        int parts = dice.chance(75) ? 1 : dice.between(2, 3);
        for (int part = 1; part <= parts; part++) {
            String name =
                    name(names, parts > 1 && part < parts ? "part" + part : names == Names.RESERVED ? "group" : "id");
            boolean given = part == parts && dice.chance(60);
            key.add(new KeyPart(name, KeyType.of(engine, dice), given ? dice.one(KeyPart.givenBy(engine)) : ""));
        }
        return key;
    }

    private static KeyPart withoutIdentity(KeyPart part) {
        return part.given().contains("IDENTITY") || part.given().equals("bigserial")
                ? new KeyPart(part.name(), part.type(), "bigint DEFAULT nextval('plain_keys')")
                : part;
    }

    private static List<Kind> kinds(Engine engine) {
        return switch (engine) {
            case POSTGRES ->
                List.of(
                        Kind.OTHER_SCHEMA,
                        Kind.VIEW,
                        Kind.JOIN,
                        Kind.UNION,
                        Kind.INHERITED,
                        Kind.PARTITIONED,
                        Kind.FOREIGN);
            case MARIADB -> List.of(Kind.VIEW, Kind.JOIN, Kind.UNION, Kind.PARTITIONED);
            case H2 -> List.of(Kind.OTHER_SCHEMA, Kind.VIEW, Kind.JOIN, Kind.UNION, Kind.FOREIGN);
        };
    }

    private static List<Unique> uniques(Engine engine, KeyPart first) {
        List<Unique> uniques = new ArrayList<>(List.of(Unique.INDEX, Unique.NULLABLE, Unique.NONE));
        if (engine == Engine.POSTGRES) {
            uniques.addAll(List.of(Unique.DEFERRABLE, Unique.PARTIAL, Unique.INVALID));
        }
        if (engine == Engine.MARIADB && !first.isGiven() && first.type().ddl().startsWith("varchar")) {
            uniques.add(Unique.PREFIX);
        }
        return uniques;
    }

    private static String name(Names names, String word) {
        return switch (names) {
            case PLAIN, RESERVED -> word;
            case UPPER -> word.toUpperCase(Locale.ROOT);
            case MIXED -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1) + "Of";
        };
    }

    private void define(Database database, boolean claims) {
        ddl.addAll(KeyPart.sequences());
        if (engine == Engine.POSTGRES) {
            ddl.add("CREATE TYPE stage AS ENUM ('new', 'paid', 'cancelled', 'archived')");
            ddl.add("CREATE COLLATION caseless (provider = icu, locale = 'und-u-ks-level2', deterministic = false)");
        }
        switch (kind) {
            case TABLE -> ddl.addAll(table(from(), claims, ""));
            case OTHER_SCHEMA -> {
                ddl.add("CREATE SCHEMA other");
                ddl.addAll(table(from(), claims, ""));
                ddl.add("CREATE TABLE " + quote(relation.substring("other.".length())) + " (" + keyColumns("")
                        + ", uid VARCHAR(40), PRIMARY KEY (" + keyNames() + "))");
            }
            case VIEW -> {
                ddl.addAll(table("base", claims, ""));
                ddl.add("CREATE VIEW " + from() + " AS SELECT * FROM base");
            }
            case UNION -> {
                ddl.addAll(table("base", claims, ""));
                ddl.addAll(table("base2", claims, ""));
                ddl.add("CREATE VIEW " + from() + " AS SELECT * FROM base UNION ALL SELECT * FROM base2");
            }
            case JOIN -> {
                ddl.addAll(table("base", claims, ""));
                ddl.add("CREATE TABLE item (uid VARCHAR(40), n INT)");
                ddl.add("CREATE VIEW " + from() + " AS SELECT " + keyNames()
                        + ", CONCAT(base.uid, '-', n) AS uid, status FROM base JOIN item ON item.uid = base.uid");
            }
            case INHERITED -> {
                ddl.addAll(table(from(), claims, ""));
                ddl.add("CREATE TABLE child (more INT) INHERITS (" + from() + ")");
            }
            case PARTITIONED -> {
                String first = quote(key.get(0).name());
                if (engine == Engine.MARIADB) {
                    ddl.addAll(table(from(), claims, " PARTITION BY KEY (" + first + ") PARTITIONS 3"));
                } else {
                    ddl.addAll(table(from(), claims, " PARTITION BY HASH (" + first + ")"));
                    ddl.add("CREATE TABLE one PARTITION OF " + from() + " FOR VALUES WITH (MODULUS 2, REMAINDER 0)");
                    ddl.add("CREATE TABLE two PARTITION OF " + from() + " FOR VALUES WITH (MODULUS 2, REMAINDER 1)");
                }
            }
            case FOREIGN -> {
                ddl.addAll(table("base", claims, ""));
                ddl.addAll(foreign(database));
            }
        }
    }

    private List<String> foreign(Database database) {
        if (engine == Engine.H2) {
            return List.of("CREATE LINKED TABLE " + from() + "('org.h2.Driver', '" + database.url() + "', '"
                    + database.username() + "', '', 'base')");
        }
        return List.of(
                "CREATE SERVER here FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1', port '"
                        + database.port() + "', dbname '" + database.name() + "')",
                "CREATE USER MAPPING FOR postgres SERVER here OPTIONS (user 'postgres')",
                "CREATE FOREIGN TABLE " + from() + " ("
                        + key.stream()
                                .map(part -> quote(part.name()) + " " + foreignType(part))
                                .collect(Collectors.joining(", "))
                        + ", uid VARCHAR(40), note VARCHAR(20), status VARCHAR(10)) SERVER here OPTIONS (table_name"
                        + " 'base')");
    }

    /** One that numbers the rows by their transactions, or one that leaves the key alone. */
    private List<String> trigger(boolean numbers, Dice dice) {
        String event = numbers ? "INSERT" : dice.one("INSERT", "UPDATE");
        String before = "CREATE TRIGGER last_one BEFORE " + event + " ON " + from() + " FOR EACH ROW ";
        return switch (engine) {
            case POSTGRES ->
                List.of(
                        "CREATE FUNCTION last_one() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN "
                                + (numbers ? "NEW.written_by := pg_current_xact_id();" : "NEW.note := NEW.note;")
                                + " RETURN NEW; END'",
                        before + "EXECUTE FUNCTION last_one()",
                        "ALTER TABLE " + from() + " ENABLE ALWAYS TRIGGER last_one");
            case MARIADB -> List.of(before + "SET NEW.note = NEW.note");
            case H2 -> List.of(); // they are Java classes there
        };
    }

    private static String foreignType(KeyPart part) {
        String type = part.ddl().replaceFirst(" (DEFAULT|GENERATED).*", "");
        return type.equals("bigserial") ? "bigint" : type;
    }

    private List<String> table(String table, boolean claims, String partitions) {
        List<String> statements = new ArrayList<>();
        String notNull = unique == Unique.NULLABLE ? "" : " NOT NULL";
        String auto = engine == Engine.MARIADB
                        && key.size() > 1
                        && key.get(key.size() - 1).ddl().contains("AUTO_INCREMENT")
                ? ", KEY (" + quote(key.get(key.size() - 1).name()) + ")"
                : "";
        String constraint =
                switch (unique) {
                    case PRIMARY_KEY -> ", PRIMARY KEY (" + keyNames() + ")";
                    case DEFERRABLE -> ", UNIQUE (" + keyNames() + ") DEFERRABLE INITIALLY DEFERRED";
                    case INDEX, NULLABLE -> ", UNIQUE (" + keyNames() + ")";
                    case PREFIX, PARTIAL, INVALID, NONE -> "";
                };
        if (constraint.isEmpty()
                && engine == Engine.MARIADB
                && key.size() == 1
                && key.get(0).ddl().contains("AUTO_INCREMENT")) {
            constraint = ", KEY (" + keyNames() + ")";
        }
        statements.add(
                "CREATE TABLE " + table + " (uid VARCHAR(40) NOT NULL, note VARCHAR(20), status VARCHAR(10) NOT NULL, "
                        + keyColumns(notNull) + (claims ? claimColumns() : "") + constraint + auto + ")" + partitions);
        if (unique == Unique.PARTIAL) {
            statements.add("CREATE UNIQUE INDEX ON " + table + " (" + keyNames() + ") WHERE status = 'draft'");
        } else if (unique == Unique.INVALID) {
            String index = "left_of_" + statements.size() + table.replaceAll("\\W", "");
            statements.add("CREATE UNIQUE INDEX \"" + index + "\" ON " + table + " (" + keyNames() + ")");
            statements.add(
                    "UPDATE pg_index SET indisvalid = false, indisready = false FROM pg_class WHERE oid = indexrelid"
                            + " AND relname = '" + index + "'");
        } else if (unique == Unique.PREFIX) {
            statements.add("CREATE UNIQUE INDEX prefixed ON " + table + " ("
                    + quote(key.get(0).name()) + "(6)" + (key.size() == 1 ? "" : ", uid") + ")");
        }
        return statements;
    }

    private String keyColumns(String notNull) {
        return key.stream()
                .map(part -> quote(part.name()) + " " + definition(part, notNull))
                .collect(Collectors.joining(", "));
    }

    /** MariaDB and H2 want NOT NULL behind the type, before or after DEFAULT; all take it last. */
    private static String definition(KeyPart part, String notNull) {
        return part.ddl() + (part.ddl().matches(".*(IDENTITY|AUTO_INCREMENT|serial).*") ? "" : notNull);
    }

    private String claimColumns() {
        String time = engine == Engine.MARIADB ? "TIMESTAMP(6) NULL" : "TIMESTAMP(6) WITH TIME ZONE";
        return ", claim_token VARCHAR(40), claimed_until " + time + ", settled_at " + time;
    }

    /** The relation as SQL has it. */
    String from() {
        return relation.startsWith("other.")
                ? "other." + quote(relation.substring("other.".length()))
                : quote(relation);
    }

    String quote(String name) {
        String mark = engine == Engine.MARIADB ? "`" : "\"";
        return mark + name + mark;
    }

    /** The key columns as SQL has them. */
    String keyNames() {
        return key.stream().map(part -> quote(part.name())).collect(Collectors.joining(", "));
    }

    /** Whether no two rows have the same key, whatever the writers do. */
    boolean hasUniqueKey() {
        return unique == Unique.PRIMARY_KEY && kind != Kind.JOIN && kind != Kind.UNION && kind != Kind.INHERITED;
    }

    /** The literals after which every key comes; empty where there are none. */
    String lowest() {
        List<String> lowest = key.stream().map(KeyPart::lowest).toList();
        return lowest.contains("") ? "" : String.join(",", lowest);
    }

    /** The table to which the writers write. */
    private List<String> tables() {
        return switch (kind) {
            case TABLE, OTHER_SCHEMA, PARTITIONED -> List.of(from());
            case VIEW, JOIN, FOREIGN -> List.of("base");
            case UNION -> List.of("base", "base2");
            case INHERITED -> List.of(from(), "child");
        };
    }

    /** What inserts a row. */
    List<String> insert(String uid, Dice dice) {
        String table = dice.one(tables());
        List<KeyPart> written = key.stream().filter(part -> !part.isGiven()).toList();
        String names = written.stream().map(part -> ", " + quote(part.name())).collect(Collectors.joining());
        String values = written.stream()
                .map(part -> ", "
                        + (unique == Unique.NULLABLE && dice.chance(10)
                                ? "NULL"
                                : part.type().literal().apply(dice)))
                .collect(Collectors.joining());
        String row = "INSERT INTO " + table + " (uid, note, status" + names + ") VALUES ('" + uid + "', 'new', '"
                + (dice.chance(15) ? "draft" : "ready") + "'" + values + ")";
        List<String> statements = new ArrayList<>(List.of(row));
        if (kind == Kind.JOIN) {
            for (int item = dice.between(1, 3); item > 0; item--) {
                statements.add("INSERT INTO item VALUES ('" + uid + "', " + item + ")");
            }
        }
        return statements;
    }

    /** What changes a row without its key, or deletes it. */
    String change(String uid, Dice dice) {
        String table = dice.one(tables());
        return (dice.chance(70) ? "UPDATE " + table + " SET note = 'changed'" : "DELETE FROM " + table)
                + " WHERE uid = '" + uid + "'";
    }

    @Override
    public String toString() {
        return kind + " " + unique + " " + names + "\n  "
                + String.join(";\n  ", ddl.subList(KeyPart.sequences().size(), ddl.size())) + ";";
    }
}

package dev.drover.sql;

/**
 * The catalog queries of an engine.
 *
 * @param tables finds relations: the wanted name, schema, name, kind. Its parameters are a name in any case and, twice,
 *     a schema; without a schema (NULL) it finds what SQL finds without one
 * @param columns the columns of a relation: name, type, declaration, whether NULL is allowed, collation. Its
 *     parameters are schema and name
 * @param keys the parts of the unique indexes of a relation, the primary key first: index, whether it is primary,
 *     column, flaw. Its parameters are schema and name
 */
record CatalogSql(String tables, String columns, String keys) {

    static final CatalogSql POSTGRESQL = new CatalogSql(
            """
            SELECT c.relname, n.nspname, c.relname, CASE
                WHEN c.relpersistence = 't' THEN 'TEMPORARY'
                WHEN c.relkind = 'v' THEN 'VIEW' WHEN c.relkind = 'm' THEN 'MATERIALIZED_VIEW'
                WHEN c.relkind = 'f' THEN 'FOREIGN' WHEN c.relkind = 'p' THEN 'PARTITIONED'
                WHEN c.relispartition THEN 'PARTITION'
                WHEN EXISTS (SELECT 1 FROM pg_inherits i WHERE i.inhparent = c.oid) THEN 'PARENT'
                ELSE 'TABLE' END
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND lower(c.relname) = lower(?)
            AND CASE WHEN ?::text IS NULL THEN pg_table_is_visible(c.oid) ELSE lower(n.nspname) = lower(?) END
            """,
            """
            SELECT a.attname, CASE WHEN b.typtype = 'e' THEN 'enum' ELSE b.typname END,
                format_type(a.atttypid, a.atttypmod), NOT a.attnotnull AND NOT b.not_null, o.collname
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
            CROSS JOIN LATERAL (
                WITH RECURSIVE types AS (
                    SELECT t.typname, t.typtype, t.typbasetype, t.typnotnull FROM pg_type t WHERE t.oid = a.atttypid
                    UNION ALL
                    SELECT t.typname, t.typtype, t.typbasetype, t.typnotnull OR u.typnotnull
                    FROM types u JOIN pg_type t ON t.oid = u.typbasetype WHERE u.typtype = 'd')
                SELECT typname, typtype, typnotnull AS not_null FROM types WHERE typtype <> 'd') b
            LEFT JOIN pg_collation o ON o.oid = a.attcollation
            WHERE n.nspname = ? AND c.relname = ? ORDER BY a.attnum
            """,
            """
            SELECT x.relname, i.indisprimary, a.attname, CASE
                WHEN NOT (i.indisvalid AND i.indisready AND i.indislive) THEN 'is invalid: drop it and create it again'
                WHEN NOT i.indimmediate THEN 'is deferrable'
                WHEN i.indpred IS NOT NULL THEN 'covers only the rows of its WHERE'
                WHEN i.indexprs IS NOT NULL THEN 'is of an expression'
                WHEN EXISTS (SELECT 1 FROM pg_inherits h WHERE h.inhparent = c.oid) AND c.relkind = 'r'
                    THEN 'does not cover the tables that inherit from ' || c.relname
                WHEN o.opcintype <> a.atttypid AND EXISTS (
                        SELECT 1 FROM pg_opclass own
                        WHERE own.opcmethod = o.opcmethod AND own.opcintype = a.atttypid AND own.opcdefault)
                    OR NOT s.collisdeterministic AND i.indcollation[k] <> a.attcollation
                    THEN 'compares by another rule than its column'
                ELSE '' END
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            JOIN pg_index i ON i.indrelid = c.oid AND i.indisunique JOIN pg_class x ON x.oid = i.indexrelid
            CROSS JOIN LATERAL generate_series(0, i.indnkeyatts - 1) k
            LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[k]
            LEFT JOIN pg_collation s ON s.oid = a.attcollation
            LEFT JOIN pg_opclass o ON o.oid = i.indclass[k]
            WHERE n.nspname = ? AND c.relname = ? ORDER BY i.indisprimary DESC, x.relname, k
            """);

    static final CatalogSql MARIADB = new CatalogSql(
            """
            SELECT TABLE_NAME, TABLE_SCHEMA, TABLE_NAME, CASE
                WHEN TABLE_TYPE LIKE '%VIEW' THEN 'VIEW' WHEN TABLE_TYPE = 'TEMPORARY' THEN 'TEMPORARY'
                WHEN UPPER(ENGINE) IN ('CONNECT', 'SPIDER', 'FEDERATED', 'MRG_MYISAM', 'SPHINX', 'S3') THEN 'FOREIGN'
                WHEN TABLE_TYPE = 'SYSTEM VERSIONED' THEN 'SYSTEM_VERSIONED'
                WHEN CREATE_OPTIONS LIKE '%partitioned%' THEN 'PARTITIONED' ELSE 'TABLE' END
            FROM information_schema.TABLES
            WHERE LOWER(TABLE_NAME) = LOWER(?) AND TABLE_TYPE <> 'SEQUENCE'
            AND IF(? IS NULL, TABLE_SCHEMA = DATABASE(), LOWER(TABLE_SCHEMA) = LOWER(?))
            """,
            """
            SELECT COLUMN_NAME, DATA_TYPE, COLUMN_TYPE, IS_NULLABLE <> 'NO', COLLATION_NAME
            FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? ORDER BY ORDINAL_POSITION
            """,
            """
            SELECT INDEX_NAME, INDEX_NAME = 'PRIMARY', COLUMN_NAME, CASE
                WHEN SUB_PART IS NOT NULL THEN 'is of the beginning of a column'
                WHEN COLUMN_NAME IS NULL THEN 'is of an expression' ELSE '' END
            FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? AND NON_UNIQUE = 0
            ORDER BY INDEX_NAME <> 'PRIMARY', INDEX_NAME, SEQ_IN_INDEX
            """);

    static final CatalogSql H2 = new CatalogSql(
            """
            SELECT n.NAMED, t.TABLE_SCHEMA, t.TABLE_NAME, CASE
                WHEN t.TABLE_TYPE LIKE '%TEMPORARY' THEN 'TEMPORARY' WHEN t.TABLE_TYPE = 'VIEW' THEN 'VIEW'
                WHEN t.STORAGE_TYPE LIKE '%LINK%' OR t.STORAGE_TYPE LIKE '%EXTERNAL%' THEN 'FOREIGN' ELSE 'TABLE' END
            FROM (
                SELECT TABLE_NAME AS NAMED, TABLE_SCHEMA AS WITHIN, TABLE_SCHEMA, TABLE_NAME
                FROM INFORMATION_SCHEMA.TABLES
                UNION ALL
                SELECT SYNONYM_NAME, SYNONYM_SCHEMA, SYNONYM_FOR_SCHEMA, SYNONYM_FOR
                FROM INFORMATION_SCHEMA.SYNONYMS) n
            JOIN INFORMATION_SCHEMA.TABLES t ON t.TABLE_SCHEMA = n.TABLE_SCHEMA AND t.TABLE_NAME = n.TABLE_NAME
            WHERE LOWER(n.NAMED) = LOWER(?) AND CASE WHEN CAST(? AS VARCHAR) IS NULL THEN n.WITHIN = CURRENT_SCHEMA
                ELSE LOWER(n.WITHIN) = LOWER(?) END
            """,
            """
            SELECT COLUMN_NAME, LOWER(DATA_TYPE), LOWER(DATA_TYPE), IS_NULLABLE <> 'NO', COLLATION_NAME
            FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? ORDER BY ORDINAL_POSITION
            """,
            """
            SELECT i.INDEX_NAME, i.INDEX_TYPE_NAME = 'PRIMARY KEY', c.COLUMN_NAME, ''
            FROM INFORMATION_SCHEMA.INDEXES i JOIN INFORMATION_SCHEMA.INDEX_COLUMNS c
            ON c.INDEX_SCHEMA = i.INDEX_SCHEMA AND c.INDEX_NAME = i.INDEX_NAME AND c.TABLE_NAME = i.TABLE_NAME
            WHERE i.TABLE_SCHEMA = ? AND i.TABLE_NAME = ? AND c.IS_UNIQUE
            ORDER BY i.INDEX_TYPE_NAME <> 'PRIMARY KEY', i.INDEX_NAME, c.ORDINAL_POSITION
            """);
}

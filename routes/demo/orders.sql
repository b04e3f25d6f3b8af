-- 10,030 orders of the demo, made once.
CREATE TABLE IF NOT EXISTS orders (
    id         BIGINT         GENERATED ALWAYS AS IDENTITY (CACHE 10030) PRIMARY KEY,
    customer   VARCHAR(80)    NOT NULL,
    product    VARCHAR(80)    NOT NULL,
    quantity   INT            NOT NULL,
    amount     NUMERIC(12, 2) NOT NULL,
    ordered_at TIMESTAMP(6)   NOT NULL
);
INSERT INTO orders (customer, product, quantity, amount, ordered_at)
SELECT
    ARRAY['Ada', 'Grace', 'Edsger', 'Barbara', 'Donald', 'Frances', 'Alan'][1 + MOD(x * 5, 7)] || ' '
        || ARRAY['Lindqvist', 'Okafor', 'Meyer', 'Tanaka', 'Silva', 'Novak', 'Haddad', 'Moreau', 'O''Neill'][1 + MOD(x * 7, 9)],
    ARRAY['kettle', 'desk lamp', 'notebook', 'bicycle bell', 'umbrella'][1 + MOD(x * 3, 5)],
    1 + MOD(x * 11, 9),
    CAST(4.50 + MOD(x * 1373, 50000) / 100.0 AS NUMERIC(12, 2)),
    TIMESTAMP '2026-01-02 08:00:00.000001' + x * INTERVAL '37' SECOND
FROM SYSTEM_RANGE(1, 10030)
WHERE NOT EXISTS (SELECT 1 FROM orders);

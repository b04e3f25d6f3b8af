-- Made once, when the volume of PostgreSQL is new: the table that is read, with 10,000 orders, and the database of the store.
CREATE TABLE orders (
    id         bigint         GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer   varchar(80)    NOT NULL,
    product    varchar(80)    NOT NULL,
    quantity   int            NOT NULL,
    amount     numeric(12, 2) NOT NULL,
    ordered_at timestamp(6)   NOT NULL
);
INSERT INTO orders (customer, product, quantity, amount, ordered_at)
SELECT 'customer ' || x % 50,
       (ARRAY['kettle', 'desk lamp', 'notebook', 'umbrella'])[1 + x % 4],
       1 + x % 9,
       4.50 + x * 1373 % 50000 / 100.0,
       timestamp '2026-01-02 08:00:00' + x * interval '37 seconds'
FROM generate_series(1, 10000) AS x;
CREATE DATABASE drover;

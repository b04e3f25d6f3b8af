CREATE TABLE orders (
  id bigint PRIMARY KEY,
  customer varchar(80) NOT NULL,
  product varchar(80) NOT NULL,
  quantity integer NOT NULL,
  amount numeric(12, 2) NOT NULL,
  ordered_at timestamp with time zone NOT NULL
);
INSERT INTO orders
SELECT x, 'Customer number ' || MOD(x, 50000) || ' of the northern region', 'Article ' || MOD(x, 997) || ', in a box of twelve',
  1 + MOD(x, 9), MOD(x, 1000000) / 100.0, TIMESTAMP WITH TIME ZONE '2026-01-01 00:00:00+00' + x * INTERVAL '1' SECOND
FROM SYSTEM_RANGE(1, :rows);
ANALYZE

CREATE TABLE orders (
  id bigint PRIMARY KEY,
  customer varchar(80) NOT NULL,
  product varchar(80) NOT NULL,
  quantity integer NOT NULL,
  amount numeric(12, 2) NOT NULL,
  ordered_at timestamptz NOT NULL
);
INSERT INTO orders
SELECT n, 'Customer number ' || n % 50000 || ' of the northern region', 'Article ' || n % 997 || ', in a box of twelve', 1 + n % 9,
  n % 1000000 / 100.0, timestamptz '2026-01-01 00:00:00+00' + n * interval '1 second'
FROM generate_series(1, :rows) n;
VACUUM (FREEZE, ANALYZE) orders

// The program of the article: an async generator reads pages, a loop makes batches and posts them, some at a time.
// The argument says how pages are read: by OFFSET, as it is often written, or after the last key.
import pg from "pg";
import { Pool } from "undici";

const PAGE = 1000;
const BATCH = 500;
const COLUMNS = "id, customer, product, quantity, amount, ordered_at";
const { BENCH_URL, BENCH_USER, BENCH_DESTINATION, BENCH_PARALLELISM } = process.env;

// bigint and numeric come as text otherwise, and would be sent so
pg.types.setTypeParser(pg.types.builtins.INT8, Number);
pg.types.setTypeParser(pg.types.builtins.NUMERIC, Number);

const url = new URL(BENCH_URL.replace(/^jdbc:/, ""));
url.username = BENCH_USER;
const database = new pg.Client({ connectionString: url.href });

async function* byOffset() {
  for (let offset = 0; ; offset += PAGE) {
    const { rows } = await database.query({
      name: "page",
      text: `SELECT ${COLUMNS} FROM orders ORDER BY id LIMIT ${PAGE} OFFSET $1`,
      values: [offset],
    });
    yield* rows;
    if (rows.length < PAGE) return;
  }
}

async function* byKey() {
  for (let last = 0; ; ) {
    const { rows } = await database.query({
      name: "page",
      text: `SELECT ${COLUMNS} FROM orders WHERE id > $1 ORDER BY id LIMIT ${PAGE}`,
      values: [last],
    });
    yield* rows;
    if (rows.length < PAGE) return;
    last = rows.at(-1).id;
  }
}

async function* batches(rows) {
  let batch = [];
  for await (const row of rows) {
    batch.push(row);
    if (batch.length === BATCH) {
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}

const destination = new URL(BENCH_DESTINATION);
const parallelism = Number(BENCH_PARALLELISM);
const http = new Pool(destination.origin, { connections: parallelism });

async function post(batch) {
  const { statusCode, body } = await http.request({
    path: destination.pathname,
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(batch),
  });
  await body.dump();
  if (statusCode !== 200) throw new Error(`status ${statusCode}`);
}

await database.connect();
const inFlight = new Set();
for await (const batch of batches(process.argv[2] === "offset" ? byOffset() : byKey())) {
  const sent = post(batch).then(() => inFlight.delete(sent));
  inFlight.add(sent);
  if (inFlight.size === parallelism) await Promise.race(inFlight);
}
await Promise.all(inFlight);
await http.close();
await database.end();

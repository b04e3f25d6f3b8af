// Asks the process; paths are relative, so that a proxy may serve the console below any path.

/** The facts at a path; throws an Error with the reason for people. */
export async function get(path) {
  return answer(await fetch(path, { headers: { Accept: 'application/json' } }));
}

/** Does something; throws an Error with the reason for people. */
export async function post(path, body = {}) {
  return answer(await fetch(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-Drover-Console': '1' },
    body: JSON.stringify(body),
  }));
}

async function answer(response) {
  const text = await response.text();
  let facts = {};
  try {
    facts = JSON.parse(text);
  } catch {
    facts = { error: text.trim() };
  }
  if (!response.ok) {
    throw new Error(facts.error || `the process answers with status ${response.status}`);
  }
  return facts;
}

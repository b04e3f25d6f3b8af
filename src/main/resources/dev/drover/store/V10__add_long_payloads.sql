-- A payload stands beside its row, not in it: H2 writes a row again, and the rows near it, whenever a replay claims it. The
-- other databases do so by themselves.
${beside};

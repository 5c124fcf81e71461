import type { Cv } from './cv.ts';
import type { Statement } from './document.ts';
import { distinctQuotes, quoteOf } from './quotes.ts';
import { byGroup, createSignalFinder, createWordTest, type Hit } from './signals.ts';
import { BARE_CLAIMS, COLLABORATION } from './signals-cv.ts';
import { capitalise, countInWords, listInWords } from './text.ts';
import type { Score, Verdict } from './verdict.ts';

const findSignals = createSignalFinder(COLLABORATION);
const isBareClaim = createWordTest(BARE_CLAIMS);

/** Communication, learning, teamwork and leadership as shown by what was done; adjectives count little. */
export function scoreCollaboration(cv: Cv): Verdict {
  const bare = cv.statements.filter((statement) => isBareClaim(statement.tokens));
  const shown = underHeadings(findSignals(cv.statements).shown, cv.statements);
  const counted = shown.filter(
    (hit) => !bare.some((statement) => statement === hit.statement) || isConcrete(hit),
  );
  const groups = byGroup(counted);
  const statements = new Set(counted.map((hit) => hit.statement)).size;
  const concrete = new Set(counted.filter(isConcrete).map((hit) => hit.statement)).size;
  const score = scoreOf(groups.size, statements, concrete, bare.length);
  const quotes = [...groups.values()].map((hits) => hits.find(isConcrete) ?? hits[0]);
  return {
    reason: explain(
      [...groups.keys()].map(({ label }) => label),
      statements,
      bare.length,
    ),
    evidence:
      score === 1
        ? []
        : distinctQuotes([
            ...quotes.flatMap((hit) =>
              hit === undefined ? [] : [quoteOf(hit.statement, hit.from, hit.to)],
            ),
            ...bare.map((statement) => quoteOf(statement)),
          ]),
    score,
  };
}

/** "Certifications" over a certificate says something; the certificate is what says it. */
function underHeadings(hits: readonly Hit[], statements: readonly Statement[]): Hit[] {
  return hits.flatMap((hit) => {
    if (!hit.statement.isHeading) return [hit];
    const next = statements[statements.indexOf(hit.statement) + 1];
    const isUnderIt = next?.isHeading === false && next.section === hit.statement.section;
    return isUnderIt ? [{ group: hit.group, statement: next, from: 0, to: 1 }] : [];
  });
}

/** With a number or enough words around it to say what was done. */
function isConcrete({ statement }: Hit): boolean {
  return (
    statement.tokens.length >= 6 && (/\d/.test(statement.text) || statement.tokens.length >= 9)
  );
}

function scoreOf(groups: number, statements: number, concrete: number, bare: number): Score {
  if (groups >= 4 && statements >= 5 && concrete >= 3) return 5;
  if (groups >= 3 && statements >= 3) return 4;
  if (groups >= 2 || statements >= 3) return 3;
  return groups === 1 || bare >= 2 ? 2 : 1;
}

function explain(labels: readonly string[], statements: number, bare: number): string {
  const claims =
    bare === 0
      ? ''
      : ` ${capitalise(countInWords(bare))} bare ${bare === 1 ? 'claim' : 'claims'} of it ${bare === 1 ? 'adds' : 'add'} little.`;
  if (labels.length === 0)
    return `No sign of collaboration, learning or leadership in what was done.${claims}`;
  return `${capitalise(listInWords(labels))} shown in ${countInWords(statements)} ${statements === 1 ? 'statement' : 'statements'} about what was done.${claims}`;
}

import {
  DeadLetterState,
  type DeadLetter,
  type DeadLetterDetail,
  type DeadLettersResponse,
  type RedriveResponse,
} from '@berkas/contracts';
import type { Collection } from '@berkas/storage';
import type { Context, Middleware } from 'koa';
import { z } from 'zod';
import type { Decided, LetterDesk } from '../../dead-letters/letter-desk.ts';
import { describeDecision } from '../../domain/decide-letter.ts';
import { detailOf, summaryOf } from '../../domain/describe-letter.ts';
import { fieldProblem, HttpProblem } from '../problem.ts';

export type DeadLetterDependencies = {
  /** Of operators; without one nobody is let in. */
  readonly operatorToken: string | undefined;
  readonly letters: Collection<DeadLetter>;
  readonly desk: LetterDesk;
};

export const LetterId = z
  .string()
  .regex(
    /^dl_[0-9a-f]{24}$/,
    'Not a dead letter id: they look like dl_ and 24 hexadecimal digits.',
  );

export const ListQuery = z.object({
  state: DeadLetterState.default('open'),
  after: LetterId.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

/** `GET /dead-letters`: those of one state, by id, a page at a time. */
export const listHandler =
  ({ letters }: DeadLetterDependencies): Middleware =>
  async (ctx) => {
    const parsed = ListQuery.safeParse(ctx.query);
    if (!parsed.success) throw fieldProblem(parsed.error, ctx.query);
    const { state, after, limit } = parsed.data;
    const found = await letters.find({
      where: { state },
      // One more than is given tells whether there are more.
      limit: limit + 1,
      ...(after === undefined ? {} : { afterId: after }),
    });
    const page = found.slice(0, limit);
    const next = found.length > limit ? page.at(-1)?.id : undefined;
    ctx.body = {
      dead_letters: page.map(summaryOf),
      ...(next === undefined ? {} : { next }),
    } satisfies DeadLettersResponse;
  };

/** `GET /dead-letters/{id}`: one with its event. */
export const showHandler =
  ({ letters }: DeadLetterDependencies): Middleware =>
  async (ctx) => {
    const letter = await letters.get(idOf(ctx));
    if (letter === undefined) throw unknown();
    ctx.body = detailOf(letter) satisfies DeadLetterDetail;
  };

/** `POST /dead-letters/{id}/redrive`: decide, carry out, answer what was done. */
export const redriveHandler =
  ({ desk }: DeadLetterDependencies): Middleware =>
  async (ctx) => {
    ctx.body = answerOf(await desk.redrive(idOf(ctx)));
  };

/** `POST /dead-letters/{id}/drop`: nothing more is done with it. */
export const dropHandler =
  ({ desk }: DeadLetterDependencies): Middleware =>
  async (ctx) => {
    ctx.body = answerOf(await desk.drop(idOf(ctx)));
  };

function answerOf(decided: Decided): RedriveResponse {
  switch (decided.outcome) {
    case 'decided':
      return describeDecision(decided.decision);
    case 'settled':
      throw new HttpProblem(
        'dead_letter_settled',
        `This dead letter is ${decided.state} already. GET /dead-letters lists those that are open.`,
      );
    case 'not_redrivable':
      throw new HttpProblem(
        'dead_letter_settled',
        'This dead letter does not say where its event came from, so that it cannot be published again. Drop it once you have looked at it.',
      );
    case 'unknown':
      throw unknown();
  }
}

const unknown = (): HttpProblem =>
  new HttpProblem(
    'dead_letter_unknown',
    'There is no dead letter with this id. GET /dead-letters lists those that are open.',
  );

function idOf(ctx: Context): string {
  const given = ctx['params'] as { id: string };
  const parsed = z.object({ id: LetterId }).safeParse(given);
  if (!parsed.success) throw fieldProblem(parsed.error, given);
  return parsed.data.id;
}

export type Application = {
  readonly id: string;
  readonly status: string;
  readonly job: string;
  readonly count: number;
  readonly extra?: unknown;
};

export const DEFINITION = { name: 'application-states', indexes: ['status', 'job'] } as const;

export const application = (id: string, changes: Partial<Application> = {}): Application => ({
  id,
  status: 'queued',
  job: 'backend',
  count: 0,
  ...changes,
});

export const idsOf = (documents: readonly Application[]): string[] => documents.map(({ id }) => id);

import type { DeliveredMessage, OutgoingMessage } from '../event-bus.ts';
import { createDiskSync } from './disk-sync.ts';
import {
  guarded,
  inTransaction,
  openConnection,
  type SqliteStatement,
} from './sqlite-connection.ts';

/** A group's place in a topic: the offset of the next message it has not finished. */
export type GroupPosition = { group: string; topic: string; position: number };

/** The append-only log as SQL; every call is synchronous and throws a `BusError`. */
export interface SqliteLog {
  /** One transaction. It is on disk once `sync` was called after it and resolves. */
  append(messages: readonly OutgoingMessage[], timestampMs: number): void;
  /** Forces all that was written so far to disk; rejects with a `BusError`. */
  sync(): Promise<void>;
  /** At most `limit` messages from `offset` on, in order. */
  read(topic: string, offset: number, limit: number): DeliveredMessage[];
  /** As `read`, of the messages published at or after `fromMs` with an offset below `end`. */
  readSince(
    topic: string,
    range: { offset: number; end: number; fromMs: number },
  ): DeliveredMessage[];
  /** One past the newest message of a topic. */
  end(topic: string): number;
  /** 0 for a group that never committed. */
  position(group: string, topic: string): number;
  /**
   * One transaction that is not forced to disk: losing it to a power cut repeats messages and skips
   * none, and it can never outlive an earlier publication, which comes before it in the same file.
   */
  commit(positions: readonly GroupPosition[]): void;
  close(): Promise<void>;
}

// Keys are blobs because the driver cuts text at a zero character. Offsets count per topic, so that
// a group's lag is a subtraction.
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS bus_topics (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    end_offset INTEGER NOT NULL
  );
  CREATE TABLE IF NOT EXISTS bus_messages (
    topic_id INTEGER NOT NULL,
    log_offset INTEGER NOT NULL,
    published_ms INTEGER NOT NULL,
    message_key BLOB NOT NULL,
    headers TEXT NOT NULL,
    value BLOB NOT NULL,
    PRIMARY KEY (topic_id, log_offset)
  );
  CREATE TABLE IF NOT EXISTS bus_positions (
    group_name TEXT NOT NULL,
    topic_name TEXT NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (group_name, topic_name)
  ) WITHOUT ROWID;
`;

const COLUMNS = 'log_offset, published_ms, message_key, headers, value';

const STATEMENTS = {
  addTopic: 'INSERT INTO bus_topics (name, end_offset) VALUES (?, 0) ON CONFLICT DO NOTHING',
  takeOffset:
    'UPDATE bus_topics SET end_offset = end_offset + 1 WHERE name = ? RETURNING id, end_offset',
  addMessage: `INSERT INTO bus_messages (topic_id, ${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)`,
  topic: 'SELECT id, end_offset FROM bus_topics WHERE name = ?',
  read: `SELECT ${COLUMNS} FROM bus_messages
    WHERE topic_id = ? AND log_offset >= ? ORDER BY log_offset LIMIT ?`,
  readSince: `SELECT ${COLUMNS} FROM bus_messages
    WHERE topic_id = ? AND log_offset >= ? AND log_offset < ? AND published_ms >= ?
    ORDER BY log_offset`,
  position: 'SELECT position FROM bus_positions WHERE group_name = ? AND topic_name = ?',
  commit: `INSERT INTO bus_positions (group_name, topic_name, position) VALUES (?, ?, ?)
    ON CONFLICT DO UPDATE SET position = excluded.position`,
};

type TopicRow = { id: number; end_offset: number };
type MessageRow = {
  log_offset: number;
  published_ms: number;
  message_key: ArrayBuffer;
  headers: string;
  value: ArrayBuffer;
};

const toMessage = (topic: string, row: MessageRow): DeliveredMessage => ({
  topic,
  partition: 0,
  offset: String(row.log_offset),
  timestampMs: row.published_ms,
  key: Buffer.from(row.message_key).toString('utf8'),
  headers: JSON.parse(row.headers) as Record<string, string>,
  value: new Uint8Array(row.value),
});

/** Opens the log in the SQLite file at `path`; its tables are prefixed `bus_`. */
export function openSqliteLog(path: string): SqliteLog {
  const connection = openConnection(path);
  inTransaction(connection, () => connection.exec(SCHEMA));
  const statement = Object.fromEntries(
    Object.entries(STATEMENTS).map(([name, sql]) => [name, connection.prepare(sql)]),
  ) as Record<keyof typeof STATEMENTS, SqliteStatement>;
  const disk = createDiskSync(`${path}-wal`);
  const topicRow = (topic: string): TopicRow | undefined =>
    statement.topic.get(topic) as TopicRow | undefined;

  const takeOffset = (topic: string): TopicRow => {
    const taken = statement.takeOffset.get(topic) as TopicRow | undefined;
    if (taken !== undefined) return taken;
    statement.addTopic.run(topic);
    return statement.takeOffset.get(topic) as TopicRow;
  };
  const appendOne = (message: OutgoingMessage, timestampMs: number): void => {
    const taken = takeOffset(message.topic);
    const key = Buffer.from(message.key, 'utf8');
    const headers = JSON.stringify(message.headers);
    const offset = taken.end_offset - 1;
    statement.addMessage.run(taken.id, offset, timestampMs, key, headers, message.value);
  };

  return {
    append: (messages, timestampMs) =>
      inTransaction(connection, () => {
        for (const message of messages) appendOne(message, timestampMs);
      }),
    sync: () => disk.sync(),
    read: (topic, offset, limit) =>
      guarded(() => {
        const id = topicRow(topic)?.id;
        if (id === undefined) return [];
        const rows = statement.read.all(id, offset, limit) as MessageRow[];
        return rows.map((row) => toMessage(topic, row));
      }),
    readSince: (topic, { offset, end, fromMs }) =>
      guarded(() => {
        const id = topicRow(topic)?.id;
        if (id === undefined) return [];
        const rows = statement.readSince.all(id, offset, end, fromMs) as MessageRow[];
        return rows.map((row) => toMessage(topic, row));
      }),
    end: (topic) => guarded(() => topicRow(topic)?.end_offset ?? 0),
    position: (group, topic) =>
      guarded(() => {
        const row = statement.position.get(group, topic) as { position: number } | undefined;
        return row?.position ?? 0;
      }),
    commit(positions) {
      inTransaction(connection, () => {
        for (const { group, topic, position } of positions) {
          statement.commit.run(group, topic, position);
        }
      });
    },
    close: async () => {
      await disk.close();
      guarded(() => connection.close());
    },
  };
}

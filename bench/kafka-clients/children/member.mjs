/**
 * A member of a group whose handlers take long. Tells its parent of each message that it is handed,
 * starts and finishes; leaves the group when told to.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { optionsOfChild } from '../children.mjs';
import { loadClient } from '../clients/load.mjs';
import { createMember } from '../handlers.mjs';

const { client, awaits, concurrency, ...connection } = optionsOfChild();
const { joinGroup, joinAwaiting } = await loadClient(client);
const tell = (what, rest = {}) => process.send({ what, atMs: Date.now(), ...rest });
const onEvent = (event) => tell('event', { event });

/** A message says who it is and how long its handler takes. */
async function handle(value) {
  const { id, handlerMs } = JSON.parse(value.toString().trimEnd());
  tell('started', { id });
  await sleep(handlerMs);
  tell('finished', { id });
}

const member = awaits
  ? await joinAwaiting({ ...connection, handle, onEvent })
  : await createMember({
      joinGroup,
      connection,
      concurrency,
      handle: ({ value }) => handle(value),
      onHanded: (_, hadIt) => hadIt && tell('again'),
      onEvent,
    });
tell('ready');
process.on('message', async () => {
  await member.leave();
  process.exit(0);
});

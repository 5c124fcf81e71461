import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

const COMPOSE_FILE = new URL('../../../docker-compose.yml', import.meta.url);

/**
 * What docker-compose.yml says of one of its servers, so that the tests run on the same image with
 * the same settings. `${NAME:-default}` is filled in as Compose does it.
 *
 * @param {string} name Of the service, such as `kafka`.
 * @returns {{ image: string, command?: string[], environment: Record<string, string> }}
 */
export function serverOf(name) {
  const { services } = parse(readFileSync(COMPOSE_FILE, 'utf8'), { merge: true });
  const { image, command, environment = {} } = services[name];
  return {
    image: filledIn(image),
    ...(command === undefined ? {} : { command: command.split(' ') }),
    environment: Object.fromEntries(
      Object.entries(environment).map(([key, value]) => [key, filledIn(String(value))]),
    ),
  };
}

const filledIn = (text) =>
  text.replaceAll(/\$\{(\w+):-([^}]*)\}/g, (_, name, byDefault) => process.env[name] || byDefault);

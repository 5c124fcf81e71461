import { expect, it } from '@jest/globals';
import { placeOf } from './server-adapters.ts';

it.each([
  ['http://elastic:s3cr3t@search:9200', 'http://search:9200'],
  ['https://user@host/path?password=s3cr3t', 'https://host'],
  ['mongodb://a:27017,b:27017/?replicaSet=rs', 'mongodb://a:27017,b:27017'],
  ['mongodb+srv://u:p%40ss@cluster.example/db', 'mongodb+srv://cluster.example'],
  [undefined, ''],
])('tells where a server is without its secrets: %s', (address, place) => {
  expect(placeOf(address)).toBe(place);
});

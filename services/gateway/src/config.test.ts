import { describe, expect, it } from '@jest/globals';
import { parseConfig } from '@berkas/service-kit';
import { gatewayConfig, GatewayVariables } from './config.ts';

describe('The configuration of the gateway', () => {
  it('takes 10 MiB a file on the local port 8080 when nothing is set', () => {
    expect(gatewayConfig(parseConfig(GatewayVariables, {}))).toMatchObject({
      host: '127.0.0.1',
      port: 8080,
      maxUploadBytes: 10_485_760,
      maxConcurrentRequests: 256,
      maxConcurrentUploads: 32,
      maxQueued: 100_000,
    });
  });

  it('names every variable that is wrong', () => {
    const parse = () =>
      parseConfig(GatewayVariables, { PORT: '70000', BERKAS_MAX_UPLOAD_BYTES: 'much' });
    expect(parse).toThrow(/PORT: [^]*BERKAS_MAX_UPLOAD_BYTES: /);
  });

  it('lets no operator in without a token, and takes none that could be guessed', () => {
    expect(gatewayConfig(parseConfig(GatewayVariables, {})).operatorToken).toBeUndefined();
    for (const token of ['short', 'with a space in it somewhere', 'ä'.repeat(20)]) {
      const parse = () => parseConfig(GatewayVariables, { BERKAS_OPERATOR_TOKEN: token });
      expect(parse).toThrow(/BERKAS_OPERATOR_TOKEN: At least 16/);
      expect(parse).not.toThrow(token);
    }
    const variables = parseConfig(GatewayVariables, { BERKAS_OPERATOR_TOKEN: 'x'.repeat(16) });
    expect(gatewayConfig(variables).operatorToken).toBe('x'.repeat(16));
  });
});

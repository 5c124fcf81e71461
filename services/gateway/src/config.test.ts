import { describe, expect, it } from '@jest/globals';
import { parseConfig } from '@berkas/service-kit';
import { gatewayConfig, GatewayVariables } from './config.ts';

describe('The configuration of the gateway', () => {
  it('takes 10 MiB a file on the local port 8080 when nothing is set', () => {
    expect(gatewayConfig(parseConfig(GatewayVariables, {}))).toMatchObject({
      host: '127.0.0.1',
      port: 8080,
      maxUploadBytes: 10_485_760,
    });
  });

  it('names every variable that is wrong', () => {
    const parse = () =>
      parseConfig(GatewayVariables, { PORT: '70000', BERKAS_MAX_UPLOAD_BYTES: 'much' });
    expect(parse).toThrow(/PORT: [^]*BERKAS_MAX_UPLOAD_BYTES: /);
  });
});

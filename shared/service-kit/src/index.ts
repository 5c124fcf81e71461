export * from './back-off.ts';
export * from './clock.ts';
export * from './config.ts';
export * from './errors.ts';
export * from './identity.ts';
export * from './logger.ts';
export * from './service.ts';
export * from './version.ts';

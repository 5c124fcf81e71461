/** The clients under measurement, by the name that the tables use. */
export const PACKAGES = { kafkajs: 'kafkajs', platformatic: '@platformatic/kafka' };

/** Imports one client only, so that neither pays for the other. */
export const loadClient = (name) => import(`./${name}.mjs`);

export { CHAT_MODEL, EMBEDDING_MODEL, FINGERPRINT } from './chat.ts';
export { DEFAULT_REFERENCE_MONTH } from './dates.ts';
export { EMBEDDING_DIMENSIONS } from './embedding.ts';
export {
  ANSWER_FAULTS,
  INVENTED_QUOTE,
  TRANSPORT_FAULTS,
  type AnswerFault,
  type Fault,
  type FaultPlan,
  type Faults,
  type TransportFault,
} from './faults.ts';
export {
  createOfflineModelServer,
  type OfflineModelOptions,
  type OfflineModelServer,
} from './server.ts';

// Loaded into the worker thread from source only (see worker-source.ts); no part of the build.
// `--import tsx` does nothing in a worker thread (privatenumber/tsx#354), so it is registered by hand.
import { register } from 'tsx/esm/api';

register();

export { ApiError, hasStatus, isTransient } from './api-error.ts';
export { applyManifests, createNamespace, deleteNamespace, fieldManager, runLabel } from './apply.ts';
export { connect, type KubeClient, type RequestOptions } from './client.ts';
export type { KubeList, KubeObject } from './object.ts';
export { waitReady } from './ready.ts';
export { readSettings } from './settings.ts';
export { startRecorder, type Recorder, type RecorderOptions } from './recorder.ts';
export type { EventState } from './reduce/event.ts';

export { CenterApi } from './client.ts';

export { askOpenly, CenterApi } from './client.ts';

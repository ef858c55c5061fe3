export { createWebShell, type WebShell, type WebShellOptions } from './shell.ts';

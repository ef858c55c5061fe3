// The compiler that checks the tests knows no .vue file; what is in them vue-tsc checks with the renderer.
declare module '*.vue' {
  import type { Component } from 'vue';

  const component: Component;
  export default component;
}

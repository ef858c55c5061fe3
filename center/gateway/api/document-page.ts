import { API_BASE, endpointNames, endpoints, hasBody, pathNames, type Endpoint, type EndpointName } from '../../../contract/api/index.ts';

const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const STYLE = `
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { margin: 0 auto; max-width: 56rem; padding: 2rem 1rem 4rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.1rem; margin-top: 2.5rem; }
article { border-top: 1px solid color-mix(in srgb, currentColor 20%, transparent); padding: 1rem 0; }
h3 { font: 600 1rem ui-monospace, monospace; margin: 0; overflow-wrap: anywhere; }
h3 b { display: inline-block; min-width: 4.5em; }
p { margin: .4rem 0; } dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: .5rem 0 0; }
dt { opacity: .75; } dd { margin: 0; overflow-wrap: anywhere; } code { font-family: ui-monospace, monospace; }
@media (max-width: 32rem) { dl { grid-template-columns: 1fr; } dd { margin-bottom: .4rem; } }`;

/** The API for people to read: every endpoint with what it takes and which scope it needs. Without scripts. */
export function documentPage(): string {
  const families = Map.groupBy(endpointNames, (name) => name.split('.')[0] ?? '');
  const sections = [...families].map(([family, names]) => `<section><h2>${escape(family)}</h2>${names.map(articleOf).join('')}</section>`);
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Sangdam API</title><style>${STYLE}</style></head><body><main>
<h1>Sangdam API</h1>
<p>Send <code>Authorization: Bearer …</code> with the access token of a sign-in. Whatever fails is answered as a problem (RFC 9457): <code>code</code> names the cause. For programs: <a href="${API_BASE}/openapi.json">openapi.json</a> (OpenAPI 3.1).</p>
${sections.join('\n')}</main></body></html>`;
}

function articleOf(name: EndpointName): string {
  const endpoint: Endpoint = endpoints[name];
  const inPath = pathNames(endpoint.path);
  const rest = Object.keys(endpoint.request.shape).filter((key) => !inPath.includes(key) && !(endpoint.versioned === true && key === 'version'));
  const rows: [string, string][] = [
    ['Scope', endpoint.scope ?? 'none: asked without a sign-in'],
    ...(rest.length > 0 ? [[hasBody(endpoint) ? 'Body' : 'Query', rest.join(', ')] satisfies [string, string]] : []),
    ...(endpoint.versioned === true ? [['If-Match', 'the version that was seen'] satisfies [string, string]] : []),
  ];
  const path = escape(`${API_BASE}${endpoint.path}`.replaceAll(/:(\w+)/g, '{$1}'));
  return `<article id="${escape(name)}"><h3><b>${endpoint.method}</b> ${path}</h3><p>${escape(endpoint.summary)}</p><dl>${rows.map(([term, text]) => `<dt>${escape(term)}</dt><dd><code>${escape(text)}</code></dd>`).join('')}</dl></article>`;
}

import methods from 'undici/lib/api/index.js';
import Agent from 'undici/lib/dispatcher/agent.js';
import Dispatcher from 'undici/lib/dispatcher/dispatcher.js';
import Pool from 'undici/lib/dispatcher/pool.js';
import ProxyAgent from 'undici/lib/dispatcher/proxy-agent.js';

/**
 * What the agent uses of undici, without its entry, which also loads fetch, WebSocket, caches and mocks: an agent at rest is
 * 4 MB smaller (measured, Node 24). The entry's one act besides exporting is done here.
 */
Object.assign(Dispatcher.prototype, methods);

export { Agent, Pool, ProxyAgent };

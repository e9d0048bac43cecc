import { launch } from './launch.ts';

await launch(import.meta.dirname);
